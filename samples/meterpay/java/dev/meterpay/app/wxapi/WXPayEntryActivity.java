// Part of the sdkaudit sample app (an invented app of an invented company).
package dev.meterpay.app.wxapi;

import android.app.Activity;
import android.os.Bundle;
import com.tencent.mm.opensdk.modelbase.BaseReq;
import com.tencent.mm.opensdk.modelbase.BaseResp;
import com.tencent.mm.opensdk.openapi.IWXAPI;
import com.tencent.mm.opensdk.openapi.IWXAPIEventHandler;
import com.tencent.mm.opensdk.openapi.WXAPIFactory;

/** WeChat wants this class at this name in the host's own package. */
public class WXPayEntryActivity extends Activity implements IWXAPIEventHandler {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        IWXAPI api = WXAPIFactory.createWXAPI(this, "wx0000000000000000");
        api.handleIntent(getIntent(), this);
    }

    @Override
    public void onReq(BaseReq request) {}

    @Override
    public void onResp(BaseResp response) {
        finish();
    }
}
