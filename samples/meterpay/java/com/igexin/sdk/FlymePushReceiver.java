// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui push SDK, its proxy for Meizu devices (glue: the app does not hold Meizu's SDK);
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.igexin.sdk;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

public class FlymePushReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {}
}
