// Stub written for the sdkaudit sample app: only the package and class name belong to the real Xiaomi MiPush SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.xiaomi.mipush.sdk;

public class MiPushMessage {
    private String content;

    public String getContent() {
        return content;
    }
}
