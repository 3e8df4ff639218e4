// Stub written for the sdkaudit sample app: only the package and class name belong to the real WeChat open SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.tencent.mm.opensdk.openapi;

import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageManager;
import com.tencent.mm.opensdk.modelbase.BaseReq;

public class WXAPIFactory {
    public static IWXAPI createWXAPI(Context context, String appId) {
        return new Client(context);
    }

    private static final class Client implements IWXAPI {
        private final Context context;

        Client(Context context) {
            this.context = context;
        }

        @Override
        public boolean sendReq(BaseReq request) {
            return isWXAppInstalled();
        }

        @Override
        public boolean handleIntent(Intent intent, IWXAPIEventHandler handler) {
            return false;
        }

        @Override
        public boolean isWXAppInstalled() {
            try {
                return context.getPackageManager().getPackageInfo("com.tencent.mm", 0) != null;
            } catch (PackageManager.NameNotFoundException e) {
                return false;
            }
        }
    }
}
