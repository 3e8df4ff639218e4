// Part of the sdkaudit sample app (an invented app of an invented company).
package dev.meterpay.app.push;

import android.content.Context;
import com.xiaomi.mipush.sdk.MiPushMessage;
import com.xiaomi.mipush.sdk.PushMessageReceiver;

public class MiReceiver extends PushMessageReceiver {
    @Override
    public void onNotificationMessageClicked(Context context, MiPushMessage message) {}
}
