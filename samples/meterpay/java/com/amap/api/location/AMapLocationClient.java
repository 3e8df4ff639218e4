// Stub written for the sdkaudit sample app: only the package and class name belong to the real AMap location SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.amap.api.location;

import android.content.Context;
import android.location.Location;
import android.location.LocationManager;
import android.net.wifi.WifiManager;
import android.telephony.TelephonyManager;

public class AMapLocationClient {
    private static boolean agreed;

    private final Context context;
    private AMapLocationListener listener;

    public AMapLocationClient(Context context) {
        this.context = context;
    }

    public static void updatePrivacyAgree(Context context, boolean agree) {
        agreed = agree;
    }

    public void setLocationListener(AMapLocationListener listener) {
        this.listener = listener;
    }

    public void startLocation() {
        if (!agreed || listener == null) {
            return;
        }
        LocationManager gps = (LocationManager) context.getSystemService(Context.LOCATION_SERVICE);
        TelephonyManager phone = (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
        WifiManager wifi = (WifiManager) context.getApplicationContext().getSystemService(Context.WIFI_SERVICE);
        Location last = gps.getLastKnownLocation(LocationManager.GPS_PROVIDER);
        int neighbours = phone.getAllCellInfo().size() + wifi.getScanResults().size();
        listener.onLocationChanged(new AMapLocation(last, neighbours));
    }
}
