//! What kind of file was given, and messages for those that are no app.

use super::MANIFEST;
use super::bytes::Source;
use super::reader::dex_number;
use super::zip::Archive;
use crate::error::Error;
use crate::lang::Text;

/// Kind of file that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// An app.
    Apk,
    /// An Android library: class files, a manifest, native libraries.
    Aar,
    /// A Java library: class files.
    Jar,
}

impl Container {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Container::Apk => "apk",
            Container::Aar => "aar",
            Container::Jar => "jar",
        }
    }

    /// Whether it is a part that apps are built of: it has no application id, and its permissions and levels are those of the app.
    pub fn is_library(self) -> bool {
        self != Container::Apk
    }

    /// Folder of the native libraries, one folder per ABI below it.
    pub(super) fn library_folder(self) -> &'static str {
        if self == Container::Aar { "jni" } else { "lib" }
    }
}

/// A first look at the bytes, for a message that helps more than "not a zip".
pub(super) fn check_kind(source: &Source) -> Result<(), Error> {
    let mut head = [0; 512];
    let length = source.read_at(0, &mut head).map_err(|cause| Error::io("", cause))?;
    let head = &head[..length];
    let give = Text::new("give an APK file", "请提供 APK 文件");
    if head.is_empty() {
        return Err(Error::new(Text::new("the file is empty", "文件为空"), give));
    }
    let text = !head.starts_with(b"PK") && head.iter().all(|&byte| byte >= b' ' || b"\t\r\n\x0c".contains(&byte));
    if text {
        return Err(Error::new(Text::new("it is a text file, not an app", "这是文本文件，不是应用安装包"), give));
    }
    Ok(())
}

pub(super) fn no_manifest() -> Error {
    let message = Text::new("it holds no AndroidManifest.xml", "其中没有 AndroidManifest.xml");
    Error::new(message, Text::new("it is no Android app; give an APK file", "这不是安卓应用；请提供 APK 文件"))
}

/// What to do about a library.
const LIBRARY: (&str, &str) = (
    "give the APK of an app that is built with it; sdkaudit inspect shows what it carries itself",
    "请提供使用它构建的应用的 APK；sdkaudit inspect 可查看该库自身的内容",
);

/// What an archive is by what it holds. What cannot be read is named, because "0 SDKs" would be the worst answer; libraries are read
/// where the caller wants them.
pub(super) fn container(archive: &Archive, libraries: bool) -> Result<Container, Error> {
    let has = |name: &str| archive.entry(name).is_some();
    let ends = |suffix: &str| archive.entries().iter().any(|entry| entry.name.ends_with(suffix));
    let has_dex = archive.entries().iter().any(|entry| dex_number(&entry.name).is_some());
    let (what, help) = if has(MANIFEST) && (has_dex || !has("classes.jar")) {
        return Ok(Container::Apk);
    } else if has("classes.jar") {
        if libraries {
            return Ok(Container::Aar);
        }
        (("it is an Android library (AAR), not an app", "这是安卓库（AAR），不是应用"), LIBRARY)
    } else if has("base/manifest/AndroidManifest.xml") {
        (
            ("it is an Android App Bundle", "这是 Android App Bundle"),
            (
                "build an APK from it first: bundletool build-apks --mode=universal",
                "请先生成 APK：bundletool build-apks --mode=universal",
            ),
        )
    } else if ends(".apk") {
        (
            ("it is a bundle of several APKs", "这是多个 APK 的打包文件"),
            ("unpack it and give the APKs", "请解压后提供其中的 APK"),
        )
    } else if ends(".app/Info.plist") {
        (
            ("it is an iOS app (IPA)", "这是 iOS 应用（IPA）"),
            ("iOS apps are not read yet; give an APK file", "尚不支持 iOS 应用；请提供 APK 文件"),
        )
    } else if has("module.json") || has("pack.info") {
        (
            ("it is a HarmonyOS app", "这是 HarmonyOS 应用"),
            ("HarmonyOS apps are not read yet; give an APK file", "尚不支持 HarmonyOS 应用；请提供 APK 文件"),
        )
    } else if archive.entries().iter().any(super::jar::is_class) {
        if libraries {
            return Ok(Container::Jar);
        }
        (("it is a Java archive (JAR), not an app", "这是 Java 归档（JAR），不是应用"), LIBRARY)
    } else {
        return Err(no_manifest());
    };
    Err(Error::new(Text::new(what.0, what.1), Text::new(help.0, help.1)))
}
