/* Written for the sdkaudit sample app. Reads a counter written in BCD; logs through liblog. */
extern int __android_log_write(int priority, const char *tag, const char *text);

__attribute__((visibility("default")))
long long Java_net_halvorsen_meterlink_MeterLink_nativeDecode(void *env, void *type, long long bcd) {
    long long tenths = 0, weight = 1;
    for (; bcd > 0; bcd >>= 4, weight *= 10) tenths += (bcd & 0x0f) * weight;
    __android_log_write(4, "meterlink", "decoded");
    return tenths;
}
