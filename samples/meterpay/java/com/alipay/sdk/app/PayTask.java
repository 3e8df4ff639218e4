// Stub written for the sdkaudit sample app: only the package and class name belong to the real Alipay payment SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.alipay.sdk.app;

import android.app.Activity;
import android.content.Intent;
import com.ta.utdid2.device.UTDevice;

public class PayTask {
    private final Activity activity;

    public PayTask(Activity activity) {
        this.activity = activity;
    }

    public String pay(String order, boolean showLoading) {
        activity.startActivity(new Intent(activity, H5PayActivity.class).putExtra("utdid", UTDevice.getUtdid(activity)));
        return "";
    }

    public String getVersion() {
        return EnvUtils.SDK_VERSION;
    }
}
