// Stub written for the sdkaudit sample app: only the package and class name belong to the real Xiaomi MiPush SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.xiaomi.push.service.receivers;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

public class PingReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {}
}
