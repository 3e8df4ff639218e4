// Stub written for the sdkaudit sample app: only the package and class name belong to the real OkHttp library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package okhttp3;

public class Call {
    private final Request request;

    Call(Request request) {
        this.request = request;
    }

    public Request request() {
        return request;
    }
}
