// Stub written for the sdkaudit sample app: only the package and class name belong to the real Umeng common library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.umeng.commonsdk;

import android.content.Context;
import com.umeng.commonsdk.statistics.common.DeviceConfig;

public class UMConfigure {
    public static final int DEVICE_TYPE_PHONE = 1;

    private static String device;

    public static void init(Context context, int deviceType, String pushSecret) {
        device = DeviceConfig.getImeiNew(context) + DeviceConfig.getAndroidId(context) + DeviceConfig.getMac();
    }
}
