// Part of the sdkaudit sample app (an invented app of an invented company).
package dev.meterpay.app;

import android.app.Activity;
import android.hardware.Camera;

/** Reads the QR code on a meter's front plate. */
public class ScanActivity extends Activity {
    private Camera camera;

    @Override
    protected void onResume() {
        super.onResume();
        camera = Camera.open();
        camera.startPreview();
    }

    @Override
    protected void onPause() {
        camera.release();
        super.onPause();
    }
}
