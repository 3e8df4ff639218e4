// Stub written for the sdkaudit sample app: only the package and class name belong to the real Xiaomi MiPush SDK;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.xiaomi.push.service;

import android.app.job.JobParameters;
import android.app.job.JobService;

public class XMJobService extends JobService {
    @Override
    public boolean onStartJob(JobParameters job) {
        return false;
    }

    @Override
    public boolean onStopJob(JobParameters job) {
        return false;
    }
}
