// Stub written for the sdkaudit sample app: only the package and class name belong to the real Tencent Bugly crash reporting SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.tencent.bugly.crashreport;

import android.util.Log;

public class BuglyLog {
    public static void e(String tag, String text) {
        Log.e(tag, text);
    }
}
