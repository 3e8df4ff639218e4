//! An app and a policy whose every name tries to get out of the report that quotes it.

use super::policy::Policy;
use super::{ApkBuilder, Component, Dex};
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
    let policy = Policy::new()
        .sdk(&format!("{SCRIPT} @octocat"), "com.evil.script")
        .sdk("</details></td>[click](javascript:pwned()) ::error file=x::pwned", "com.evil.link")
        .sdk("\u{202e}KDS live\u{2066} $$x$$ <!-- ", "com.evil.bidi")
        .permission("android.permission.READ_PHONE_STAT");
    let path = folder.join("policy '<b>&, 1:2%.md");
    fs::write(&path, policy.text()).expect("policy written");
    (apk.write(folder, "app <i>x,y.apk"), path)
}
