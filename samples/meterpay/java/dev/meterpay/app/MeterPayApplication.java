// Part of the sdkaudit sample app (an invented app of an invented company).
package dev.meterpay.app;

import android.app.Application;
import com.amap.api.location.AMapLocationClient;
import com.getui.gtc.api.GtcManager;
import com.huawei.hms.push.HmsMessaging;
import com.igexin.sdk.PushManager;
import com.tencent.bugly.crashreport.CrashReport;
import com.umeng.analytics.MobclickAgent;
import com.umeng.commonsdk.UMConfigure;
import com.xiaomi.mipush.sdk.MiPushClient;

/** Starts the SDKs once the user has agreed to the privacy policy. */
public class MeterPayApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        if (getSharedPreferences("consent", MODE_PRIVATE).getBoolean("privacy_agreed", false)) {
            startSdks();
        }
    }

    void startSdks() {
        PushManager.getInstance().initialize(this);
        GtcManager.getInstance().init(this);
        MiPushClient.registerPush(this, "2882300000000000001", "5130000000001");
        HmsMessaging.getInstance(this).setAutoInitEnabled(true);
        UMConfigure.init(this, UMConfigure.DEVICE_TYPE_PHONE, null);
        MobclickAgent.setCatchUncaughtExceptions(true);
        CrashReport.initCrashReport(this, "0000000000", BuildConfig.DEBUG);
        AMapLocationClient.updatePrivacyAgree(this, true);
    }
}
