// Stub written for the sdkaudit sample app: only the package and class name belong to the real Umeng common library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.umeng.commonsdk.statistics.common;

import android.content.Context;
import android.os.Build;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import java.net.NetworkInterface;
import java.net.SocketException;

public class DeviceConfig {
    public static String getImeiNew(Context context) {
        TelephonyManager phone = (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
        if (Build.VERSION.SDK_INT >= 26) {
            return phone.getImei();
        }
        return phone.getDeviceId();
    }

    public static String getAndroidId(Context context) {
        return Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
    }

    public static int getMac() {
        try {
            byte[] address = NetworkInterface.getByName("wlan0").getHardwareAddress();
            return address == null ? 0 : address.length;
        } catch (SocketException e) {
            return 0;
        }
    }
}
