// Stub written for the sdkaudit sample app: only the package and class name belong to the real Tencent Bugly crash reporting SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.tencent.bugly.crashreport;

import android.app.ActivityManager;
import android.content.Context;
import android.os.Process;

public class CrashReport implements Thread.UncaughtExceptionHandler {
    private static String processName;

    public static void initCrashReport(Context context, String appId, boolean debug) {
        ActivityManager manager = (ActivityManager) context.getSystemService(Context.ACTIVITY_SERVICE);
        for (ActivityManager.RunningAppProcessInfo process : manager.getRunningAppProcesses()) {
            if (process.pid == Process.myPid()) {
                processName = process.processName;
            }
        }
        Thread.setDefaultUncaughtExceptionHandler(new CrashReport());
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        BuglyLog.e(processName, error.toString());
    }
}
