// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui common library (gtc);
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.getui.gtc.api;

import android.content.Context;
import com.getui.gtc.dim.DimManager;

public class GtcManager {
    private static final GtcManager INSTANCE = new GtcManager();

    public static GtcManager getInstance() {
        return INSTANCE;
    }

    public String init(Context context) {
        DimManager dim = new DimManager(context);
        return dim.oaid() + ":" + dim.androidId() + ":" + dim.installedPackages();
    }
}
