/* Import library: gives the linker the soname and the symbol of Android's liblog. Not packaged. */
__attribute__((visibility("default")))
int __android_log_write(int priority, const char *tag, const char *text) { return 0; }
