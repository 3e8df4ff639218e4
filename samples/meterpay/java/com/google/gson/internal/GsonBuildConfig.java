// Stub written for the sdkaudit sample app: only the package and class name belong to the real Gson library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.google.gson.internal;

public final class GsonBuildConfig {
    public static final String VERSION = "2.10.1";

    private GsonBuildConfig() {}
}
