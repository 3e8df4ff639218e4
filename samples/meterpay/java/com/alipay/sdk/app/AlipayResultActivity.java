// Stub written for the sdkaudit sample app: only the package and class name belong to the real Alipay payment SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.alipay.sdk.app;

import android.app.Activity;

public class AlipayResultActivity extends Activity {}
