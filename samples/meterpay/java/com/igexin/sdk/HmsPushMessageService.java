// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui push SDK, its proxy for Huawei devices;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.igexin.sdk;

import com.huawei.hms.push.HmsMessageService;
import com.huawei.hms.push.RemoteMessage;

public class HmsPushMessageService extends HmsMessageService {
    @Override
    public void onMessageReceived(RemoteMessage message) {}
}
