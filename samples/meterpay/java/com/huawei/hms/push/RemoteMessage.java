// Stub written for the sdkaudit sample app: only the package and class name belong to the real Huawei Push Kit SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.huawei.hms.push;

public class RemoteMessage {
    public String getData() {
        return "";
    }
}
