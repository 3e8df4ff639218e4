// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui push SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.igexin.sdk;

import android.content.Context;
import android.content.Intent;

public class PushManager {
    private static final PushManager INSTANCE = new PushManager();

    public static PushManager getInstance() {
        return INSTANCE;
    }

    public void initialize(Context context) {
        context.startService(new Intent(context, PushService.class));
    }

    public String getVersion(Context context) {
        return PushBuildConfig.sdk_conf_version;
    }
}
