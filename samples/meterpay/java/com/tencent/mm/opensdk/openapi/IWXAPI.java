// Stub written for the sdkaudit sample app: only the package and class name belong to the real WeChat open SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.tencent.mm.opensdk.openapi;

import android.content.Intent;
import com.tencent.mm.opensdk.modelbase.BaseReq;

public interface IWXAPI {
    boolean sendReq(BaseReq request);

    boolean handleIntent(Intent intent, IWXAPIEventHandler handler);

    boolean isWXAppInstalled();
}
