// Stub written for the sdkaudit sample app: only the package and class name belong to the real UTDID library that Alipay brings along;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.ta.utdid2.device;

import android.content.Context;
import android.provider.Settings;

public class UTDevice {
    public static String getUtdid(Context context) {
        return Settings.Secure.getString(context.getContentResolver(), "android_id");
    }
}
