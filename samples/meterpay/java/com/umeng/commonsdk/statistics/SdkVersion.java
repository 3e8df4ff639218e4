// Stub written for the sdkaudit sample app: only the package and class name belong to the real Umeng common library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.umeng.commonsdk.statistics;

public class SdkVersion {
    public static final String SDK_VERSION = "9.6.8";
}
