// Compile-time signature only, written for the sdkaudit sample app: the android.jar at hand is older than JobService. Not packaged.
package android.app.job;

public class JobParameters {}
