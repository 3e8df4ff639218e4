// Stub written for the sdkaudit sample app: only the package and class name belong to the real OkHttp library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package okhttp3;

public class OkHttpClient {
    public Call newCall(Request request) {
        return new Call(request);
    }
}
