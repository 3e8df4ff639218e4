// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui push SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.igexin.sdk;

public class PushBuildConfig {
    public static final String sdk_conf_version = "3.3.12.0";
}
