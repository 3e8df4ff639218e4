/* Stub written for the sdkaudit sample app: only the library's name is Bugly's, no code of the vendor is in here. */
__attribute__((visibility("default")))
int bugly_native_stub(void) { return 0; }
