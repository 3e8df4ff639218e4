// Part of the sdkaudit sample app (an invented app of an invented company).
package dev.meterpay.app.push;

import android.content.Context;
import com.igexin.sdk.GTIntentService;
import com.igexin.sdk.message.GTTransmitMessage;

public class BillPushService extends GTIntentService {
    @Override
    public void onReceiveClientId(Context context, String clientId) {
        context.getSharedPreferences("push", MODE_PRIVATE).edit().putString("cid", clientId).apply();
    }

    @Override
    public void onReceiveMessageData(Context context, GTTransmitMessage message) {}
}
