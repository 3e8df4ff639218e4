// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui common library (gtc);
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.getui.gtc;

public final class BuildConfig {
    public static final String LIBRARY_PACKAGE_NAME = "com.getui.gtc";
    public static final String BUILD_TYPE = "release";
    public static final String VERSION_NAME = "3.2.18.0";

    private BuildConfig() {}
}
