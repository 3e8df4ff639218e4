// Part of the sdkaudit sample app (an invented app of an invented company).
package net.halvorsen.meterlink;

/** Decodes what a meter's optical port sends; stands for code that no signature knows. */
public final class MeterLink {
    static {
        System.loadLibrary("meterlink");
    }

    private MeterLink() {}

    public static double decodeKwh(String telegram) {
        return nativeDecode(Long.parseLong(telegram, 16)) / 10.0;
    }

    private static native long nativeDecode(long bcd);
}
