//! The signature file, exactly as contributors write it. `docs/signature-format.md` explains every field.
//!
//! Shared with `build.rs`, so it uses nothing of the crate.

use serde::{Deserialize, Serialize};

/// How one SDK is recognised and what is known about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sdk {
    /// `<vendor>.<sdk>`, equal to the file's path.
    pub id: String,
    /// Product name.
    pub name: Names,
    /// Company behind it.
    pub vendor: Names,
    /// Other names that policies use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is for; the first is the main purpose.
    pub categories: Vec<Category>,
    /// Whether its purpose includes measuring or profiling people.
    pub tracker: bool,
    /// Product line it belongs to.
    #[serde(default)]
    pub part_of: Option<String>,
    /// Clues that show it in an app.
    pub detect: Detect,
    /// Android permissions that its own manifest or documentation asks for.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Data types (taxonomy ids) that its documentation names.
    #[serde(default)]
    pub data_types: Vec<String>,
    /// Its pages.
    #[serde(default)]
    pub links: Links,
    /// Executed examples.
    pub examples: Examples,
    /// Where the facts were seen.
    pub sources: Vec<Source>,
}

/// A name in English and Chinese.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// Clues by kind. `*` stands for any run of characters, `${applicationId}` for the app's own id.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Detect {
    /// Package prefixes (whole segments) that identify the SDK.
    pub packages: Vec<String>,
    /// Prefixes it brings along; they never make it present.
    pub companions: Vec<String>,
    /// Manifest component classes outside `packages`.
    pub components: Vec<String>,
    /// File names of native libraries.
    pub native_libs: Vec<String>,
    /// File names so common that a second signal is needed.
    pub weak_native_libs: Vec<String>,
    /// Names of manifest meta-data.
    pub meta_data: Vec<String>,
    /// Paths inside the APK.
    pub assets: Vec<String>,
    /// Permissions whose name gives the SDK away.
    pub permissions: Vec<String>,
    /// Where the app tells the SDK's version: an entry path or `class#FIELD`.
    pub version: Vec<String>,
}

/// Web pages of an SDK.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Links {
    /// Product page.
    pub website: Option<String>,
    /// Privacy policy.
    pub privacy: Option<String>,
    /// Host names whose links in a policy point to this SDK.
    pub hosts: Vec<String>,
}

/// Examples that the tests run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Resolve to this SDK and no other.
    pub hit: Vec<String>,
    /// Do not resolve to this SDK.
    pub miss: Vec<String>,
}

/// Where a fact was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// https address, or package URL of a published archive.
    pub url: String,
    /// Day it was looked at, `YYYY-MM-DD`.
    pub date: String,
    /// What stands there.
    pub kind: SourceKind,
    /// What it shows, where that is not plain.
    #[serde(default)]
    pub note: Option<String>,
}

impl Source {
    /// Whether it names the SDK's code without showing it: a study's list of packages, another project's patterns.
    pub fn is_second_hand(&self) -> bool {
        self.note.as_deref().is_some_and(|note| note.starts_with("second-hand:"))
    }
}

macro_rules! source_kinds {
    ($($(#[doc = $doc:literal])* $variant:ident $id:literal,)*) => {
        /// Kind of source.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum SourceKind {
            $($(#[doc = $doc])* #[serde(rename = $id)] $variant,)*
        }

        impl SourceKind {
            /// All kinds, in the order of the documentation.
            pub const ALL: &[SourceKind] = &[$(SourceKind::$variant,)*];

            /// The word used in files and JSON.
            pub fn id(self) -> &'static str {
                match self { $(SourceKind::$variant => $id,)* }
            }
        }
    };
}

source_kinds! {
    /// Documentation of the vendor.
    VendorPage "vendor-page",
    /// The SDK's own published archive.
    VendorArchive "vendor-archive",
    /// A Maven artefact.
    MavenArtefact "maven-artefact",
    /// Consumer or published ProGuard rules.
    ProguardRules "proguard-rules",
    /// A manifest that the vendor documents or ships.
    Manifest "manifest",
    /// A file in a public repository.
    RepositoryFile "repository-file",
    /// An entry of another tool's list, named as `file:<name>#<entry>`. Only in private sets: a lead, not a fact.
    ImportedList "imported-list",
}

macro_rules! categories {
    ($($variant:ident $id:literal $personal:literal $en:literal $zh:literal,)*) => {
        /// What an SDK is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Category {
            $(#[doc = $en] #[serde(rename = $id)] $variant,)*
        }

        impl Category {
            /// All categories, in the order of the documentation.
            pub const ALL: &[Category] = &[$(Category::$variant,)*];

            /// The word used in files and JSON.
            pub fn id(self) -> &'static str {
                match self { $(Category::$variant => $id,)* }
            }

            /// Whether the purpose handles personal data. Architecture: an undeclared one is an error, else a note.
            pub fn handles_personal_data(self) -> bool {
                match self { $(Category::$variant => $personal,)* }
            }

            /// English and Chinese label.
            pub fn label(self) -> (&'static str, &'static str) {
                match self { $(Category::$variant => ($en, $zh),)* }
            }
        }
    };
}

categories! {
    Advertising "advertising" true "advertising" "广告",
    Analytics "analytics" true "analytics" "统计分析",
    Attribution "attribution" true "attribution" "归因",
    CrashReporting "crash-reporting" true "crash reporting" "崩溃收集",
    PerformanceMonitoring "performance-monitoring" true "performance monitoring" "性能监控",
    Push "push" true "push" "消息推送",
    Identification "identification" true "identification" "设备标识",
    Login "login" true "login" "登录",
    Sharing "sharing" true "sharing" "分享",
    Payment "payment" true "payment" "支付",
    Map "map" true "map" "地图",
    Location "location" true "location" "定位",
    AudioVideo "audio-video" true "audio and video" "音视频",
    Messaging "messaging" true "messaging" "即时通讯",
    CustomerService "customer-service" true "customer service" "客服",
    RiskControl "risk-control" true "risk control" "风控",
    IdentityVerification "identity-verification" true "identity verification" "实名与身份核验",
    Speech "speech" true "speech" "语音",
    Framework "framework" false "framework" "框架",
    GameEngine "game-engine" false "game engine" "游戏引擎",
    BrowserEngine "browser-engine" false "browser engine" "浏览器内核",
    LanguageRuntime "language-runtime" false "language runtime" "语言运行库",
    Ui "ui" false "user interface" "界面",
    Image "image" false "images" "图片",
    Media "media" false "media" "媒体",
    Network "network" false "network" "网络",
    Storage "storage" false "storage" "存储",
    Serialization "serialization" false "serialization" "序列化",
    DependencyInjection "dependency-injection" false "dependency injection" "依赖注入",
    Reactive "reactive" false "reactive programming" "响应式编程",
    Utility "utility" false "utility" "工具",
    Logging "logging" false "logging" "日志",
    Testing "testing" false "testing" "测试",
    Cloud "cloud" false "cloud" "云服务",
    Hotfix "hotfix" false "hot fix" "热修复",
    Security "security" false "security" "安全",
    MachineLearning "machine-learning" false "machine learning" "机器学习",
    Packer "packer" false "packer" "加固",
}

impl Sdk {
    /// Whether any of its purposes handles personal data.
    pub fn handles_personal_data(&self) -> bool {
        self.categories.iter().any(|category| category.handles_personal_data())
    }
}
