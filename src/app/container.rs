//! What kind of file was given, and messages for those that are no app.

use super::bytes::Source;
use super::reader::dex_number;
use super::zip::Archive;
use super::{MANIFEST, bundle};
use crate::error::Error;
use crate::lang::Text;

/// Kind of file that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// An app, or a part of one.
    Apk,
    /// The base of an app with its parts, each a file of its own.
    Splits,
    /// A zip of APKs with the index of APKPure.
    Xapk,
    /// A zip of APKs as bundletool writes it.
    Apks,
    /// A zip of APKs with the index of APKMirror.
    Apkm,
    /// Any other zip of APKs.
    Zip,
    /// A bundle for publishing: modules, from which APKs are built.
    Aab,
    /// An Android library: class files, a manifest, native libraries.
    Aar,
    /// A Java library: class files.
    Jar,
    /// A dex file by itself.
    Dex,
}

impl Container {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Container::Apk => "apk",
            Container::Splits => "split_apks",
            Container::Xapk => "xapk",
            Container::Apks => "apks",
            Container::Apkm => "apkm",
            Container::Zip => "zip",
            Container::Aab => "aab",
            Container::Aar => "aar",
            Container::Jar => "jar",
            Container::Dex => "dex",
        }
    }

    /// Whether it is a part that apps are built of: it has no application id, and its permissions and levels are those of the app.
    pub fn is_library(self) -> bool {
        matches!(self, Container::Aar | Container::Jar | Container::Dex)
    }

    /// Whether one file holds several APKs.
    pub fn is_bundle(self) -> bool {
        matches!(self, Container::Xapk | Container::Apks | Container::Apkm | Container::Zip)
    }

    /// Which kind of bundle an archive of APKs is: by its index, else by its name.
    fn of_bundle(name: &str, archive: &Archive) -> Container {
        let has = |name: &str| archive.entry(name).is_some();
        let ends = |kind: &str| name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case(kind));
        if ends("apkm") || has("info.json") {
            Container::Apkm
        } else if ends("apks") || has("toc.pb") {
            Container::Apks
        } else if ends("xapk") || has("manifest.json") {
            Container::Xapk
        } else {
            Container::Zip
        }
    }

    /// Folder of the native libraries, one folder per ABI below it.
    pub(super) fn library_folder(self) -> &'static str {
        if self == Container::Aar { "jni" } else { "lib" }
    }
}

/// A first look at the bytes, for a message that helps more than "not a zip". Returns the first of them.
pub(super) fn check_kind(name: &str, source: &Source) -> Result<[u8; 8], Error> {
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
    if !head.starts_with(b"PK") && name.to_ascii_lowercase().ends_with(".apkm") {
        return Err(Error::new(
            Text::new(
                "it is an encrypted APKM, which only APKMirror's installer opens",
                "这是加密的 APKM，只有 APKMirror 的安装器能打开",
            ),
            Text::new(
                "download it again: APKMirror has served APKM files without encryption since 2020; or give the APKs",
                "请重新下载：APKMirror 自 2020 年起提供未加密的 APKM；或提供其中的 APK",
            ),
        ));
    }
    let mut first = [0; 8];
    first.iter_mut().zip(head).for_each(|(to, from)| *to = *from);
    Ok(first)
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
pub(super) fn container(name: &str, archive: &Archive, libraries: bool) -> Result<Container, Error> {
    let has = |name: &str| archive.entry(name).is_some();
    let any = |is: &dyn Fn(&str) -> bool| archive.entries().iter().any(|entry| is(&entry.name));
    let has_dex = any(&|name| dex_number(name).is_some());
    let (what, help) = if has(MANIFEST) && (has_dex || !has("classes.jar")) {
        return Ok(Container::Apk);
    } else if has("classes.jar") {
        if libraries {
            return Ok(Container::Aar);
        }
        (("it is an Android library (AAR), not an app", "这是安卓库（AAR），不是应用"), LIBRARY)
    } else if !bundle::modules(archive).is_empty() {
        return Ok(Container::Aab);
    } else if any(&|name| name.starts_with("Payload/") && name.ends_with(".app/Info.plist")) {
        (
            ("it is an iOS app (IPA)", "这是 iOS 应用（IPA）"),
            ("iOS apps are not read yet; give an Android app", "尚不支持 iOS 应用；请提供安卓应用"),
        )
    } else if has("pack.info") || has("module.json") || has("config.json") && has("resources.index") {
        let kind = if has("pack.info") && any(&|name| name.ends_with(".hap")) { "APP" } else { "HAP" };
        return Err(harmony(kind));
    } else if any(&bundle::is_apk) {
        return Ok(Container::of_bundle(name, archive));
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

pub(super) fn bare_dex() -> Error {
    Error::new(
        Text::new("it is a dex file, not an app", "这是单个 dex 文件，不是应用"),
        Text::new(
            "give the APK that it is from; sdkaudit inspect shows what the file itself carries",
            "请提供其所属的 APK；sdkaudit inspect 可查看该文件自身的内容",
        ),
    )
}

fn harmony(kind: &str) -> Error {
    Error::new(
        Text::new(format!("it is a HarmonyOS app ({kind})"), format!("这是 HarmonyOS 应用（{kind}）")),
        Text::new("HarmonyOS apps are not read yet; give an Android app", "尚不支持 HarmonyOS 应用；请提供安卓应用"),
    )
}
