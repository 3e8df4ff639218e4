// Stub written for the sdkaudit sample app: only the package and class name belong to the real Umeng analytics SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.umeng.analytics;

import android.content.Context;
import com.umeng.commonsdk.statistics.common.DeviceConfig;

public class MobclickAgent {
    private static String lastPage;

    public static void onResume(Context context) {
        lastPage = DeviceConfig.getAndroidId(context) + "/" + context.getClass().getName();
    }

    public static void onPause(Context context) {
        lastPage = null;
    }

    public static void setCatchUncaughtExceptions(boolean on) {}
}
