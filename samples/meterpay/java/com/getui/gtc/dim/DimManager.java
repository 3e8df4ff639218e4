// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui common library (gtc);
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.getui.gtc.dim;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.provider.Settings;
import android.telephony.TelephonyManager;

/** Reads device facts, as the real library's class of this name does. */
public class DimManager {
    private final Context context;

    public DimManager(Context context) {
        this.context = context;
    }

    public String oaid() {
        return Settings.Global.getString(context.getContentResolver(), "pps_oaid");
    }

    public String androidId() {
        return Settings.Secure.getString(context.getContentResolver(), "android_id");
    }

    public int installedPackages() {
        int count = 0;
        for (PackageInfo info : context.getPackageManager().getInstalledPackages(0)) {
            if (info.versionName != null) {
                count++;
            }
        }
        return count;
    }

    public String imsi() {
        TelephonyManager phone = (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
        return phone.getSubscriberId();
    }
}
