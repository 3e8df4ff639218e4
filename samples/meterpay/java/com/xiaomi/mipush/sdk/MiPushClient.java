// Stub written for the sdkaudit sample app: only the package and class name belong to the real Xiaomi MiPush SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.xiaomi.mipush.sdk;

import android.content.Context;
import android.content.Intent;
import com.xiaomi.push.service.XMPushService;

public abstract class MiPushClient {
    public static void registerPush(Context context, String appId, String appKey) {
        Intent start = new Intent(context, XMPushService.class);
        start.putExtra("mipush_app_id", appId);
        start.putExtra("mipush_app_token", appKey);
        context.startService(start);
    }
}
