// Stub written for the sdkaudit sample app: only the package and class name belong to the real Xiaomi MiPush SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.xiaomi.mipush.sdk;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

public abstract class PushMessageReceiver extends BroadcastReceiver {
    public abstract void onNotificationMessageClicked(Context context, MiPushMessage message);

    @Override
    public final void onReceive(Context context, Intent intent) {
        onNotificationMessageClicked(context, new MiPushMessage());
    }
}
