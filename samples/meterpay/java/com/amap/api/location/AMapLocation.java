// Stub written for the sdkaudit sample app: only the package and class name belong to the real AMap location SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.amap.api.location;

import android.location.Location;

public class AMapLocation {
    private final Location fix;
    private final int neighbours;

    AMapLocation(Location fix, int neighbours) {
        this.fix = fix;
        this.neighbours = neighbours;
    }

    public String getCity() {
        return fix == null ? "" : fix.getLatitude() + "," + fix.getLongitude() + "#" + neighbours;
    }
}
