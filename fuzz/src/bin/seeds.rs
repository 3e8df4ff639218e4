//! Writes the inputs that fuzzing begins with: `seeds FOLDER` makes `FOLDER/<target>/<name>`.
//!
//! Small files of the test builders, the fixtures of the declared lists, and every input that was a crash once.

use sdkaudit_fuzz::support::class_file::JavaClass;
use sdkaudit_fuzz::support::sample::{everything, main_dex};
use sdkaudit_fuzz::support::{ApkBuilder, Arsc, Dex, SharedObject};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let Some(folder) = folder else { return Err(io::Error::other("usage: seeds FOLDER")) };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (target, name, bytes) in built() {
        put(&folder, target, name, &bytes)?;
    }
    for (target, extensions) in [
        ("html", &["html"][..]),
        ("pdf", &["pdf"]),
        ("docx", &["docx"]),
        ("text", &["txt", "rst"]),
        ("markdown", &["md", "mdx"]),
        ("csv", &["csv", "tsv"]),
    ] {
        copy(&root.join("tests/fixtures/layouts"), extensions, &folder, target)?;
    }
    copy(&root.join("tests/fixtures/declared"), &["csv"], &folder, "play")?;
    copy(&root.join("tests/fixtures/declared"), &["xcprivacy"], &folder, "plist")?;
    for entry in fs::read_dir(root.join("tests/fixtures/fuzz"))? {
        let path = entry?.path();
        let target = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            copy(&path, &[""], &folder, &target)?;
        }
    }
    Ok(())
}

/// What the builders write: target, name, bytes.
fn built() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let everything = everything();
    let mut table = Arsc::new("dev.host.app");
    let first = table.string("a", "text");
    table.localized(first, "zh", "文本");
    table.reference("string", "b", first);
    table.add("integer", "c", 7);
    let class = JavaClass::new("com.vendor.sdk.Core").superclass("a.b.Base").string("android_id");
    let class =
        class.calls("android.telephony.TelephonyManager.getDeviceId").constant("VERSION", "1.2.3").method("run");
    let mut container = main_dex().build();
    container[4..7].copy_from_slice(b"041");
    let canonical = r#"{"schema_version":"1.0","document":"policy","sdks":[{"name":"Push","vendor":"V","packages":["com.igexin"],"permissions":["android.permission.INTERNET"],"purpose":"p","data":"IMEI","links":["https://a.b"],"method":null,"platform":null}],"app_permissions":{"android":[],"ios":[],"harmonyos":[]},"statements":[]}"#;
    let bill = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","group":"com.igexin","name":"sdk","version":"3","purl":"pkg:maven/com.igexin/sdk@3"}]}"#;
    let uni = r#"{"app-plus":{"modules":{"Push":{}},"distribute":{"sdkConfigs":{"push":{"unipush":{}},"oauth":{"weixin":{"appid":"x"}}}}}} // c"#;
    vec![
        ("zip", "everything", everything.build()),
        ("zip", "one", ApkBuilder::new("dev.host.app").dex(&Dex::new().classes(&["a.B"])).build()),
        ("zip", "library", [("com/vendor/sdk/Core.class", class.build())].into_iter().fold(
            ApkBuilder::new("x").no_manifest(), |jar, (path, bytes)| jar.file(path, bytes)).build()),
        ("axml", "binary", everything.manifest()),
        ("axml", "text", everything.clone().text_manifest().manifest()),
        ("arsc", "table", table.build()),
        ("arsc", "sparse", table.sparse().build()),
        ("dex", "main", main_dex().build()),
        ("dex", "one", Dex::new().classes(&["com.igexin.sdk.PushService"]).build()),
        ("dex", "container", container),
        ("elf", "64", SharedObject::new("arm64-v8a").soname("libx.so").needed("libc.so").build()),
        ("elf", "32", SharedObject::new("armeabi-v7a").soname("libx.so").build()),
        ("class", "core", class.build()),
        ("json", "canonical", canonical.into()),
        ("json", "cyclonedx", bill.into()),
        ("json", "uniapp", uni.into()),
        ("docx", "table.xml", br#"<w:document><w:body><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge w:val="restart"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="H"/><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr><w:hyperlink r:id="r1"><w:r><w:t>SDK</w:t></w:r></w:hyperlink></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"#.to_vec()),
    ]
}

fn copy(from: &Path, extensions: &[&str], folder: &Path, target: &str) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if extensions.contains(&extension.as_str()) || extensions == [""] {
            put(folder, target, &path.file_name().unwrap_or_default().to_string_lossy(), &fs::read(&path)?)?;
        }
    }
    Ok(())
}

fn put(folder: &Path, target: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let folder = folder.join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)
}
