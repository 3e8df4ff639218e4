// Stub written for the sdkaudit sample app: only the package and class name belong to the real WeChat open SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.tencent.mm.opensdk.modelbase;

public abstract class BaseReq {
    public String transaction;
}
