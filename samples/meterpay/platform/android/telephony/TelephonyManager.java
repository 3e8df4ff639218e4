// Compile-time signature only, written for the sdkaudit sample app: the android.jar at hand is older than getImei. Not packaged.
package android.telephony;

import java.util.List;

public class TelephonyManager {
    public String getDeviceId() {
        throw new UnsupportedOperationException();
    }

    public String getImei() {
        throw new UnsupportedOperationException();
    }

    public String getSubscriberId() {
        throw new UnsupportedOperationException();
    }

    public List<CellInfo> getAllCellInfo() {
        throw new UnsupportedOperationException();
    }
}
