// Stub written for the sdkaudit sample app: only the package and class name belong to the real Huawei Push Kit SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.huawei.hms.push;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

public class HmsMessageService extends Service {
    public void onMessageReceived(RemoteMessage message) {}

    public void onNewToken(String token) {}

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
