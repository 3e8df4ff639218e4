// Stub written for the sdkaudit sample app: only the package and class name belong to the real Getui push SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.igexin.sdk.message;

public class GTTransmitMessage {
    public byte[] payload = new byte[0];
}
