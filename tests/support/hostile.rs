//! An app and a policy whose every name tries to get out of the report that quotes it.

use super::{ApkBuilder, Component, Dex};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// What must never stand in a page or a comment as markup.
pub const SCRIPT: &str = "<script>window.pwned = 1</script>";
/// An element that runs its attribute.
pub const IMAGE: &str = "<img src=x onerror=pwned()>";

/// App and policy, written into a folder.
pub fn write(folder: &Path) -> (PathBuf, PathBuf) {
    let apk = ApkBuilder::new(&format!("dev.evil.{SCRIPT}"))
        .version_name(format!("1.0\"'>{IMAGE}\u{202e}gnp.exe").as_str())
        .target_sdk(34)
        .uses_permission(&format!("android.permission.CAMERA{IMAGE}"))
        .uses_permission("=cmd|' /C calc'!A0\n::error::pwned")
        .component(Component::service(&format!("com.igexin.sdk.{IMAGE}")))
        .component(Component::service("com.igexin.sdk.`@octocat`|![x](javascript:alert(1))"))
        .meta_data("UMENG_APPKEY", "x")
        .dex(&Dex::new().classes(&[&format!("evil.{IMAGE}.A"), "com.igexin.sdk.PushService", "evil.]]>.B"]))
        .native_lib("arm64-v8a", "lib\"onload=pwned().so");
    // JSON, because Markdown would take what it knows as markup for itself.
    let record = |name: String, package: &str| {
        json!({ "name": name, "vendor": IMAGE, "packages": [package], "permissions": [format!("android.permission.{IMAGE}")],
                "purpose": "\u{202e}esoprup", "data": SCRIPT, "links": ["javascript:pwned()"], "method": null, "platform": null })
    };
    let policy = json!({
        "schema_version": "1.0",
        "document": "policy",
        "sdks": [
            record(format!("{SCRIPT} @octocat"), "com.evil.script"),
            record("</details></td>[click](javascript:pwned()) ::error file=x::pwned".into(), "com.evil.link"),
            record("\u{202e}KDS live\u{2066} $$x$$ <!-- http://evil.invalid www.evil.invalid".into(), "com.evil.bidi"),
        ],
        "app_permissions": { "android": ["android.permission.READ_PHONE_STAT"], "ios": [], "harmonyos": [] },
        "statements": [],
    });
    let path = folder.join("policy '<b>&, 1:2%.json");
    fs::write(&path, policy.to_string()).expect("policy written");
    (apk.write(folder, "app <i>x,y.apk"), path)
}
