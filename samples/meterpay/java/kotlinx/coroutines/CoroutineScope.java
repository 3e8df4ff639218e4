// Stub written for the sdkaudit sample app: only the package and class name belong to the real kotlinx.coroutines library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package kotlinx.coroutines;

public interface CoroutineScope {
    Job launch(Runnable block);
}
