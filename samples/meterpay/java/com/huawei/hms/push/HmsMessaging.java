// Stub written for the sdkaudit sample app: only the package and class name belong to the real Huawei Push Kit SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.huawei.hms.push;

import android.content.Context;

public class HmsMessaging {
    private boolean autoInit;

    public static HmsMessaging getInstance(Context context) {
        return new HmsMessaging();
    }

    public void setAutoInitEnabled(boolean on) {
        autoInit = on;
    }
}
