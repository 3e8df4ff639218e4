// Part of the sdkaudit sample app (an invented app of an invented company).
package dev.meterpay.app;

public final class BuildConfig {
    public static final boolean DEBUG = false;
    public static final String APPLICATION_ID = "dev.meterpay.app";
    public static final int VERSION_CODE = 420;
    public static final String VERSION_NAME = "4.2.0";

    private BuildConfig() {}
}
