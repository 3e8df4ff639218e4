// Compile-time signature only, written for the sdkaudit sample app: the android.jar at hand is older than JobService. Not packaged.
package android.app.job;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

public abstract class JobService extends Service {
    public abstract boolean onStartJob(JobParameters job);

    public abstract boolean onStopJob(JobParameters job);

    @Override
    public final IBinder onBind(Intent intent) {
        return null;
    }
}
