// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui push SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.igexin.sdk;

import android.app.Service;
import android.content.Intent;
import android.net.wifi.WifiInfo;
import android.net.wifi.WifiManager;
import android.os.IBinder;

public class PushService extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }

    @Override
    public int onStartCommand(Intent intent, int flags, int id) {
        WifiManager wifi = (WifiManager) getApplicationContext().getSystemService(WIFI_SERVICE);
        WifiInfo info = wifi.getConnectionInfo();
        network = info.getSSID() + "/" + info.getBSSID();
        return START_STICKY;
    }

    private String network;
}
