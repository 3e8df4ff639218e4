// Part of the sdkaudit sample app (an invented app of an invented company).
package dev.meterpay.app.billing;

import android.app.Activity;
import com.alipay.sdk.app.PayTask;
import com.tencent.mm.opensdk.modelpay.PayReq;
import com.tencent.mm.opensdk.openapi.IWXAPI;
import com.tencent.mm.opensdk.openapi.WXAPIFactory;
import okhttp3.OkHttpClient;
import okhttp3.Request;

public class BillingClient {
    private static final String BASE = "https://api.meterpay.invalid/v1/";

    private final Activity activity;
    private final OkHttpClient http = new OkHttpClient();

    public BillingClient(Activity activity) {
        this.activity = activity;
    }

    public Bill lastBill() {
        http.newCall(new Request.Builder().url(BASE + "bills/last").build());
        return new Bill();
    }

    public String payWithAlipay(String order) {
        return new PayTask(activity).pay(order, true);
    }

    public boolean payWithWeChat(String prepayId) {
        IWXAPI api = WXAPIFactory.createWXAPI(activity, "wx0000000000000000");
        PayReq request = new PayReq();
        request.prepayId = prepayId;
        return api.sendReq(request);
    }
}
