// Stub written for the sdkaudit sample app: only the package and class name belong to the real AMap location SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.amap.api.location;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

public class APSService extends Service {
    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
