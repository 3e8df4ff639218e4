// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui push SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.igexin.sdk;

import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.os.IBinder;
import com.igexin.sdk.message.GTTransmitMessage;

public abstract class GTIntentService extends Service {
    public abstract void onReceiveClientId(Context context, String clientId);

    public abstract void onReceiveMessageData(Context context, GTTransmitMessage message);

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
