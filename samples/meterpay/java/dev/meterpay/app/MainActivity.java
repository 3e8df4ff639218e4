// Part of the sdkaudit sample app (an invented app of an invented company).
package dev.meterpay.app;

import android.app.Activity;
import android.os.Bundle;
import android.view.View;
import android.widget.TextView;
import com.amap.api.location.AMapLocation;
import com.amap.api.location.AMapLocationClient;
import com.amap.api.location.AMapLocationListener;
import com.google.gson.Gson;
import com.umeng.analytics.MobclickAgent;
import dev.meterpay.app.billing.Bill;
import dev.meterpay.app.billing.BillingClient;
import net.halvorsen.meterlink.MeterLink;

public class MainActivity extends Activity implements AMapLocationListener, View.OnClickListener {
    private TextView title;
    private AMapLocationClient location;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        title = new TextView(this);
        title.setText(R.string.app_name);
        title.setOnClickListener(this);
        setContentView(title);
        location = new AMapLocationClient(this);
        location.setLocationListener(this);
        location.startLocation();
    }

    @Override
    protected void onResume() {
        super.onResume();
        MobclickAgent.onResume(this);
    }

    @Override
    protected void onPause() {
        MobclickAgent.onPause(this);
        super.onPause();
    }

    @Override
    public void onClick(View view) {
        Bill bill = new BillingClient(this).lastBill();
        title.setText(new Gson().toJson(bill) + " " + MeterLink.decodeKwh("31857"));
    }

    @Override
    public void onLocationChanged(AMapLocation where) {
        title.setText(where.getCity());
    }
}
