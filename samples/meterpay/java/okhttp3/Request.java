// Stub written for the sdkaudit sample app: only the package and class name belong to the real OkHttp library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package okhttp3;

public class Request {
    private final String url;

    private Request(String url) {
        this.url = url;
    }

    public String url() {
        return url;
    }

    public static class Builder {
        private String url;

        public Builder url(String url) {
            this.url = url;
            return this;
        }

        public Request build() {
            return new Request(url);
        }
    }
}
