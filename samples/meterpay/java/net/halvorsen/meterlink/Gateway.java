// Part of the sdkaudit sample app (an invented app of an invented company).
package net.halvorsen.meterlink;

import android.content.Context;
import android.net.wifi.WifiManager;

public final class Gateway {
    /** Name of the network a gateway offers. */
    public String network(Context context) {
        WifiManager wifi = (WifiManager) context.getApplicationContext().getSystemService(Context.WIFI_SERVICE);
        return wifi.getConnectionInfo().getSSID();
    }
}
