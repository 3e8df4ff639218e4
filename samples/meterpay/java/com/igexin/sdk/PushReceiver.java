// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui push SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.igexin.sdk;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

public class PushReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        PushManager.getInstance().initialize(context);
    }
}
