//! The catalogue of rules: id, default severity, one line and an explanation, in both languages.

use crate::lang::Text;
use serde::{Deserialize, Serialize};

/// How much a finding weighs. Ordered: an error is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be mended.
    Warning,
    /// App and declaration disagree about something that matters.
    Error,
}

impl Severity {
    /// The word used on the command line and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity with this word.
    pub fn from_id(id: &str) -> Option<Severity> {
        [Severity::Note, Severity::Warning, Severity::Error].into_iter().find(|severity| severity.id() == id)
    }

    /// The word for people.
    pub fn label(self) -> Text {
        match self {
            Severity::Note => Text::new("note", "提示"),
            Severity::Warning => Text::new("warning", "警告"),
            Severity::Error => Text::new("error", "错误"),
        }
    }
}

macro_rules! rules {
    ($($variant:ident $id:literal $severity:ident {
        en: $en:literal, $explain_en:literal;
        zh: $zh:literal, $explain_zh:literal;
    })*) => {
        /// A check. Its id is what users write; it never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $en] $variant,)*
        }

        impl Rule {
            /// All rules, in the order of the documentation.
            pub const ALL: &[Rule] = &[$(Rule::$variant,)*];

            /// The word that users write.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$variant => $id,)* }
            }

            /// Severity where nothing else is said.
            pub fn default_severity(self) -> Severity {
                match self { $(Rule::$variant => Severity::$severity,)* }
            }

            /// One line: what a finding of this rule says.
            pub fn summary(self) -> Text {
                match self { $(Rule::$variant => Text::new($en, $zh),)* }
            }

            /// Why the rule exists, what it looks at and what to do.
            pub fn explanation(self) -> Text {
                match self { $(Rule::$variant => Text::new($explain_en, $explain_zh),)* }
            }
        }
    };
}

rules! {
    UndeclaredSdk "undeclared-sdk" Error {
        en: "an SDK is present in the app and stands in no record of the declared list",
            "The app defines classes, registers components or ships libraries of an SDK that no record of the declared list covers. A record covers the SDK it \
             means, the companions that SDK brings along, and, where it names a product line, the products of that line. Error for SDKs whose purpose handles \
             personal data (advertising, analytics, attribution, crash, push, identification, login, sharing, payment, map, location, audio and video, messaging, \
             customer service, risk control); note for plain libraries and frameworks. Present means that the code is there, not that it runs. Add a record to the \
             list, or remove the dependency that brings the SDK.";
        zh: "应用中存在某个 SDK，而声明清单中没有对应条目",
            "应用定义了某个 SDK 的类、注册了其组件或附带了其动态库，而声明清单中没有任何条目涵盖它。一个条目涵盖它所指的 SDK、该 SDK 附带的组件；若写的是产品系列，则涵盖该系列的各产品。\
             用途涉及个人信息的 SDK（广告、统计、归因、崩溃收集、推送、设备标识、登录、分享、支付、地图、定位、音视频、即时通讯、客服、风控）为错误；普通库与框架为提示。\
             “存在”指代码在应用中，并不表示其已运行。请在清单中补充条目，或移除引入该 SDK 的依赖。";
    }
    DeclaredSdkNotFound "declared-sdk-not-found" Note {
        en: "an SDK is declared, and nothing that could be read shows it",
            "The record means an SDK that can be recognised, and neither classes nor components nor libraries of it were found in what could be read. The list may be \
             out of date, copied from a template, or written for several apps; the SDK may also load at run time. Check whether the record is still true.";
        zh: "声明了某个 SDK，但在可读取的内容中没有找到它",
            "该条目所指的 SDK 可以被识别，但在可读取的内容中没有发现它的类、组件或动态库。清单可能过时、抄自模板或供多个应用共用；该 SDK 也可能在运行时加载。请核实该条目是否仍然属实。";
    }
    UnverifiableSdk "unverifiable-sdk" Note {
        en: "a declared SDK cannot be checked: nobody knows its code, or the code is hidden",
            "Either no signature matches the record and it gives no usable package name, or the code that would show the SDK is packed or unreadable. Nothing is said \
             about its presence. Give the package name in the list, contribute a signature, or audit a build that is not packed.";
        zh: "声明的 SDK 无法核实：没有可用特征，或代码不可见",
            "没有特征与该条目匹配且条目未给出可用的包名，或者能够证明它的代码已加固或无法读取。此处不对其是否存在作任何判断。请在清单中写明包名、补充特征，或审计未加固的构建。";
    }
    UndeclaredDataType "undeclared-data-type" Error {
        en: "the code of a declared SDK references a data type outside its declared scope",
            "Strong references only: calls that by themselves show a read, or calls whose constant argument says what is read. The record's words are compared with a closed \
             list of data types; an umbrella word (\"device information\") covers its members, a list right behind it names the list only. References of companions count \
             for the SDK that brings them. A warning where the read is blocked on every API level the app runs on, or where the scope holds no known word. A reference shows \
             what code could read, not that it runs.";
        zh: "已声明 SDK 的代码引用了其声明范围之外的数据类型",
            "只看强引用：调用本身即表明读取，或由常量参数确定读取内容。条目中的词语与固定的数据类型清单比对；笼统的词（“设备信息”）涵盖其下各类型，其后紧跟的列举则只算列举的内容。\
             附带组件的引用计入引入它的 SDK。若该读取在应用运行的所有 API 级别上均受阻，或范围中没有已知词语，则为警告。引用表明代码可以读取，并不表示其已运行。";
    }
    NoneButReferenced "none-but-referenced" Error {
        en: "an SDK is declared to collect nothing, and its code references personal data",
            "The record's scope says that there is nothing, and the SDK's code holds strong references to personal data. A warning where all of them are blocked. State the \
             scope, or remove the code.";
        zh: "声明某 SDK 不收集信息，而其代码引用了个人信息",
            "该条目的信息范围写“无”，而 SDK 的代码中有对个人信息的强引用。若全部受阻则为警告。请写明范围，或移除相应代码。";
    }
    DeclaredDataNotReferenced "declared-data-not-referenced" Note {
        en: "a data type is declared for an SDK, and nothing in its code references it",
            "No reference of any grade, weak and reflective ones included, supports the declaration. Only types whose every read needs a known call are reported, and only where \
             all code could be read and the SDK brings no native library. The record may be copied from a template or stem from another version.";
        zh: "为某 SDK 声明了某类数据，但其代码中没有任何引用",
            "没有任何级别的引用（包括弱引用与反射）支持该声明。只报告必须通过已知接口才能读取的类型，且仅在代码全部可读、该 SDK 不带动态库时报告。该条目可能抄自模板或来自其他版本。";
    }
    AppDataTypeUndeclared "app-data-type-undeclared" Warning {
        en: "the app's own code references a data type for which the policy has no word",
            "Strong references in the app's own package are compared with every word of the whole policy. A note where the read is blocked on every API level the app runs on.";
        zh: "应用自身的代码引用了隐私政策中没有提到的数据类型",
            "应用自身包名下的强引用与隐私政策全文比对。若该读取在应用运行的所有 API 级别上均受阻，则为提示。";
    }
    UndeclaredPermission "undeclared-permission" Error {
        en: "a requested permission stands nowhere in the policy",
            "The manifest requests a permission that the policy names neither in its permission tables nor in an SDK's record nor in its prose. Error for dangerous \
             permissions and those with special access, warning for others. Permissions that the app defines itself and those that belong to a detected SDK are left out.";
        zh: "申请的权限在隐私政策中没有出现",
            "AndroidManifest.xml 申请了某项权限，而隐私政策的权限表、SDK 条目和正文中都没有写到它。危险权限和特殊权限为错误，其余为警告。应用自定义的权限以及属于已检出 SDK 的权限不在此列。";
    }
    DeclaredPermissionNotRequested "declared-permission-not-requested" Note {
        en: "a permission is declared and the manifest does not request it",
            "The policy lists an Android permission that this build does not request. The policy may be written for several versions or copied from an SDK vendor's template; \
             a list that claims more than the app asks for misleads users too.";
        zh: "声明了某项权限，但AndroidManifest.xml 没有申请",
            "隐私政策列出了某项安卓权限，而此构建并未申请。政策可能供多个版本共用，或抄自 SDK 厂商的模板；声明多于实际申请同样会误导用户。";
    }
    UndeclaredSdkPermission "undeclared-sdk-permission" Warning {
        en: "an SDK's code calls what a permission guards, and its record does not name that permission",
            "The app requests the permission, the SDK's code holds strong references that need it on an API level the app runs on, and the record's permissions leave it out. \
             Warning for dangerous permissions and those with special access, note for others. INTERNET is left out.";
        zh: "SDK 的代码调用了受某权限保护的接口，而其条目没有写明该权限",
            "应用申请了该权限，SDK 的代码在应用运行的 API 级别上有需要该权限的强引用，而条目的权限一栏没有写明。危险权限和特殊权限为警告，其余为提示。INTERNET 不在此列。";
    }
    UnusedPermission "unused-permission" Warning {
        en: "a permission is requested, and no call that is known to need it was found",
            "No reference of any grade, in any code, needs the permission. Only permissions whose usual calls the catalogue knows are judged; a rarer one may still need it. Warning for dangerous permissions and those \
             with special access, note for others and where the app has native libraries, whose code is not searched. Nothing is said where code is hidden.";
        zh: "申请了某项权限，但代码中没有发现已知需要它的调用",
            "任何代码中都没有任何级别的引用需要该权限。只判断常规用法已知的权限，少见的用法仍可能需要它。危险权限和特殊权限为警告，其余以及应用带有动态库时为提示（不检索动态库的代码）。代码不可见时不作判断。";
    }
    MisspeltPermission "misspelt-permission" Warning {
        en: "a permission name in the policy is misspelt",
            "The written name is no known permission, and exactly one known name is near. Often the last letters were lost in copying. Correct the spelling.";
        zh: "隐私政策中的权限名拼写有误",
            "所写名称不是已知权限，且恰有一个相近的已知名称。常见原因是复制时丢失末尾字母。请更正拼写。";
    }
    UnknownPermission "unknown-permission" Warning {
        en: "a permission name in the policy is not known",
            "No Android level, vendor system, HarmonyOS or iOS table that this program carries knows the name, and none is near. It may be invented, outdated, or the app's own.";
        zh: "隐私政策中的权限名未知",
            "本程序所带的安卓各版本、厂商系统、HarmonyOS 和 iOS 权限表都没有这个名称，也没有相近的名称。它可能是杜撰的、过时的或应用自定义的。";
    }
    PackageCase "package-case" Warning {
        en: "a declared package name is written in the wrong case",
            "Package names are case-sensitive. The written one matches a known SDK only when case is ignored. Correct the case.";
        zh: "声明的包名大小写有误",
            "包名区分大小写。所写包名只有忽略大小写才与已知 SDK 匹配。请更正大小写。";
    }
    PackageMismatch "package-mismatch" Warning {
        en: "a record's package belongs to another SDK than its name says",
            "Name or link of the record mean one SDK, and its packages belong to another: usually a line copied from the record before. The record counts for the SDK that \
             its name says. Correct the package.";
        zh: "条目中的包名属于另一个 SDK",
            "条目的名称或链接指向某个 SDK，而其包名属于另一个 SDK：通常是从上一条目复制所致。该条目按名称所指的 SDK 计。请更正包名。";
    }
    MissingField "missing-field" Warning {
        en: "a record of the list lacks a field",
            "The default profile asks each record for name, vendor, package, permissions, purpose, data and link, china-miit for name, vendor, data, purpose and link; records \
             for iOS or HarmonyOS alone are not asked for package and permissions. A field that says \"None\" is given: it says that there is nothing.";
        zh: "清单条目缺少字段",
            "默认要求每个条目写明名称、开发者、包名、权限、目的、信息范围和链接；china-miit 要求名称、开发者、信息范围、目的和链接；仅用于 iOS 或 HarmonyOS 的条目不要求包名和权限。写“无”的字段视为已给出：它说明没有。";
    }
    NoSdkList "no-sdk-list" Error {
        en: "the policy holds no list of third-party SDKs",
            "No record of a third-party SDK could be found in the document. Then nothing the app carries is declared, and an audit without findings would be a wrong answer. \
             Give the document that holds the list, or write one.";
        zh: "隐私政策中没有第三方 SDK 清单",
            "文档中没有找到任何第三方 SDK 条目。此时应用所携带的内容均未声明，“没有发现”会是错误的答案。请提供包含清单的文档，或编写清单。";
    }
    DeprecatedPermission "deprecated-permission" Note {
        en: "the policy names a permission that the platform has deprecated",
            "The platform has deprecated the permission or taken it out; newer systems ignore it or give another one. Check whether the app still needs it, and name its successor.";
        zh: "隐私政策写有平台已弃用的权限",
            "平台已弃用或移除该权限，新系统会忽略它或以其他权限代替。请核实应用是否仍需要它，并写明替代权限。";
    }
    RestrictedPermission "restricted-permission" Note {
        en: "the policy names a permission that the platform or the store lets pass for named purposes only",
            "The permission is opened on a page of the settings, must be allowed by the installer, or needs a declaration to Google Play. A list that names it says what the \
             reviewer of a store will ask about. Give the purpose beside it, or drop it.";
        zh: "隐私政策写有受平台或应用商店限制的权限",
            "该权限需由用户在系统设置中开启、须由安装来源允许，或须向 Google Play 申报。应用商店审核时会询问其用途。请写明用途，或予以移除。";
    }
    SdkPermissionNotInApp "sdk-permission-not-in-app" Warning {
        en: "an SDK's record names a permission that the app's own permission table lacks",
            "A permission belongs to the app, whichever SDK asks for it. The policy lists the app's permissions, and a record of the SDK list names one more. Either the table is \
             incomplete or the record claims too much. Judged only where the policy holds such a table; spelling mistakes are corrected first.";
        zh: "SDK 条目写有应用权限列表中没有的权限",
            "无论由哪个 SDK 申请，权限都属于应用。隐私政策列出了应用的权限，而 SDK 条目又写了列表之外的权限：要么列表不完整，要么条目多写。仅当政策含有应用权限列表时判断，并先更正拼写。";
    }
    WrongPermissionText "wrong-permission-text" Warning {
        en: "a permission's explanation is that of another permission",
            "The text beside the permission stands word for word beside another one, speaks of that one's subject and not of its own: a line copied and not adapted. Text that \
             two permissions of one subject share is left alone.";
        zh: "权限说明属于另一项权限",
            "该权限旁的说明与另一项权限的说明完全相同，且讲的是那一项的内容，与本权限无关：复制后未修改。同一主题的权限共用的说明不在此列。";
    }
    PlatformKeyUnknown "platform-key-unknown" Warning {
        en: "an iOS usage key or HarmonyOS permission in the policy is not known",
            "The name has the form of an Info.plist usage description key (NS…UsageDescription) or of a HarmonyOS permission (ohos.permission.…), the platform's tables do not hold \
             it, and no name is near.";
        zh: "隐私政策中的 iOS 用途说明键或 HarmonyOS 权限未知",
            "该名称具有 Info.plist 用途说明键（NS…UsageDescription）或 HarmonyOS 权限（ohos.permission.…）的形式，但平台表中没有，也没有相近的名称。";
    }
    DuplicatePackage "duplicate-package" Warning {
        en: "two records give the same package",
            "A package belongs to one SDK. Where two records for the same platform give the same one, one of them is wrong or says too little. Give each record its own package.";
        zh: "两个条目写了同一个包名",
            "一个包名只属于一个 SDK。同一平台的两个条目写了同一个包名，说明其中之一有误或写得过宽。请为每个条目写明各自的包名。";
    }
    GenericPackage "generic-package" Warning {
        en: "a declared package is the root of more than one SDK",
            "Several known SDKs, or code that is none of them, lie below the package, or it is the name space of a phone maker's system. It does not say which SDK is meant. Note where \
             the SDK of the record owns two thirds or more of the known prefixes below it. A package that is itself the prefix of one SDK is never generic.";
        zh: "声明的包名是多个 SDK 的根",
            "该包名之下有多个已知 SDK 或与其无关的代码，或者它是手机厂商系统的命名空间，不能说明所指为何。若条目所指的 SDK 拥有其下三分之二以上的已知前缀，则为提示。\
             本身就是某个 SDK 前缀的包名不在此列。";
    }
    AppIdAsPackage "app-id-as-package" Warning {
        en: "a declared package is the id of an app, not the package of an SDK",
            "The record gives the id under which an app is installed (com.tencent.mm is WeChat itself). The SDK that other apps embed has a package of its own. Give that.";
        zh: "声明的包名是某个应用的标识，不是 SDK 的包名",
            "条目写的是应用的安装标识（com.tencent.mm 是微信本身）。嵌入其他应用的 SDK 有自己的包名，请改写为该包名。";
    }
    PackageIsHost "package-is-host" Warning {
        en: "a declared package is a host name",
            "A package name begins with the reversed domain; this one ends in the top-level domain, as web hosts do. Nothing in an app can match it.";
        zh: "声明的包名是网站域名",
            "包名以倒写的域名开头，而此处以顶级域名结尾，是网站域名。应用中不会有与之匹配的内容。";
    }
    PackageIsCoordinate "package-is-coordinate" Warning {
        en: "a declared package is a build coordinate",
            "The record gives the coordinate by which a build tool fetches the library (group:artifact:version). Its group need not be the package of the code. Give the package.";
        zh: "声明的包名是依赖坐标",
            "条目写的是构建工具的依赖坐标（group:artifact:version），其 group 不一定是代码的包名。请写包名。";
    }
    DataWithoutPermission "data-without-permission" Note {
        en: "a record names data that no declared permission opens",
            "The data (the device's IMEI, cell towers, call log, calendar, …) cannot be read without a permission, and neither this record nor any other part of the policy names one. \
             Either a permission is missing in the policy, or the record claims data that the SDK cannot have. Judged only where the policy names permissions at all.";
        zh: "条目写有所声明的权限均无法获取的数据",
            "该数据（IMEI、基站、通话记录、日历等）没有权限就无法读取，而本条目和政策其他部分都没有写明相应权限。要么漏写权限，要么多写数据。仅当政策写有权限时判断。";
    }
    VagueData "vague-data" Note {
        en: "a record says which data only in an umbrella word",
            "The whole scope of data is a word such as \"device information\" or \"network information\" without a list of what is meant. Name the types.";
        zh: "条目的信息范围只有笼统的说法",
            "信息范围整个只是“设备信息”“网络信息”之类的笼统说法，没有列出具体内容。请写明类型。";
    }
    InsecureLink "insecure-link" Warning {
        en: "a link of the list is not encrypted",
            "The link begins with http:. What it shows can be changed on the way, and stores ask for https.";
        zh: "清单中的链接未加密",
            "链接以 http: 开头，其内容可能在传输中被篡改，应用商店要求使用 https。";
    }
    LinkNotAPolicy "link-not-a-policy" Note {
        en: "no link of a record leads to a privacy policy",
            "The record says that data is handled, and every link it gives is the home page of a site or the page of a source repository. Link the SDK's privacy policy.";
        zh: "条目的链接均不是隐私政策",
            "条目写明会处理数据，而所给链接都是网站首页或源码仓库页面。请给出该 SDK 的隐私政策链接。";
    }
    LinkOfOtherSdk "link-of-other-sdk" Warning {
        en: "a record's link belongs to another SDK",
            "The host or page of the link is known to belong to another vendor than the SDK that the record means: usually copied from another record.";
        zh: "条目的链接属于另一个 SDK",
            "该链接的域名或页面已知属于另一家厂商，而非条目所指的 SDK：通常是从其他条目复制所致。";
    }
    ListElsewhere "list-elsewhere" Warning {
        en: "the policy says that its SDK list stands elsewhere",
            "A sentence sends the reader to another document for the list of third-party SDKs. Give that document as well (lint and audit take what they are given and fetch nothing). \
             Note where this document holds records, too.";
        zh: "隐私政策称 SDK 清单在别处",
            "有语句要求到另一份文档查看第三方 SDK 清单。请一并提供该文档（lint 和 audit 只读取给定的文件，不访问网络）。本文档也有条目时为提示。";
    }
    DanglingReference "dangling-reference" Warning {
        en: "the policy refers to a part of itself that is not there",
            "A sentence sends the reader to a section, or announces contact details, and the document holds neither. Often the text was copied from a longer policy.";
        zh: "隐私政策引用了不存在的部分",
            "有语句指向某个章节，或称联系方式如下，而文档中没有相应内容。通常是从更长的政策中复制所致。";
    }
    MissingContact "missing-contact" Warning {
        en: "the policy gives no way to reach its publisher",
            "No e-mail address, telephone number, postal address or contact form stands in the policy. Judged only for documents that call themselves a privacy policy.";
        zh: "隐私政策没有联系方式",
            "政策中没有电子邮箱、电话、通信地址或联系表单。仅对自称隐私政策的文档判断。";
    }
    MissingDate "missing-date" Warning {
        en: "the policy says neither when it was updated nor from when it holds",
            "No date of update, publication or effect stands in the policy. Judged only for documents that call themselves a privacy policy.";
        zh: "隐私政策没有更新或生效日期",
            "政策中没有更新、发布或生效日期。仅对自称隐私政策的文档判断。";
    }
    MissingChildrenClause "missing-children-clause" Note {
        en: "the policy says nothing about children",
            "The words child, minor or guardian do not occur. Most rules ask a policy to say how it treats the data of children. Judged only for documents that call themselves a privacy policy.";
        zh: "隐私政策没有关于未成年人的内容",
            "政策中没有出现儿童、未成年人或监护人。多数规则要求说明如何处理未成年人的信息。仅对自称隐私政策的文档判断。";
    }
    PlaceholderText "placeholder-text" Warning {
        en: "a blank of a template was left unfilled",
            "The policy holds words that a template meant to be replaced: \"[company name]\", \"XX公司\", \"请根据具体使用目的填写\".";
        zh: "模板中的占位文字未填写",
            "政策中仍有模板要求替换的文字：“[公司名称]”“XX公司”“请根据具体使用目的填写”等。";
    }
    ForeignAppName "foreign-app-name" Warning {
        en: "the policy speaks of itself under another app's name",
            "The title names one app, and a sentence in which the policy speaks of itself (\"welcome to …\", \"this … privacy policy\") names another one. Usually the text was taken from that app's policy.";
        zh: "隐私政策以另一应用的名称自称",
            "标题写的是一个应用，而政策自称的语句（“欢迎使用……”“本《……隐私政策》”）写的是另一个应用。通常是抄自该应用的政策。";
    }
    TemplateDefect "template-defect" Note {
        en: "a defect was inherited from a vendor's template",
            "The list was written from a vendor's template, and the template itself holds the mistake: a misspelt permission, a web host as package, a link of another SDK. It is named here \
             so that the next version of the template does not bring it back.";
        zh: "缺陷来自厂商模板",
            "清单是按厂商模板编写的，而模板本身就有该错误：拼错的权限、以网站域名充当包名、其他 SDK 的链接。在此指出，以免再次从模板带入。";
    }
    PlatformGap "platform-gap" Note {
        en: "the policy covers a system that its SDK list passes over",
            "The policy lists the app's permissions for iOS or HarmonyOS, and no record of the SDK list is for that system. Either that version carries no SDK, which should be said, or its SDKs are not declared.";
        zh: "隐私政策涉及某系统，而 SDK 清单没有该系统的条目",
            "政策列出了应用在 iOS 或 HarmonyOS 上的权限，而 SDK 清单没有该系统的条目。如该版本不含 SDK，应予说明；否则其 SDK 未声明。";
    }
    Contradiction "contradiction" Error {
        en: "the policy contradicts itself, or what the app carries",
            "A sentence denies what the app carries (no third-party SDK, or not this one), or what the policy says elsewhere: data that stays on the device beside statistics or transmission, \
             nothing shared beside records that receive data, nothing collected beside records with data, nothing sent abroad beside a recipient abroad, \"None\" beside a purpose that names data. \
             Note where the sentence itself names exceptions.";
        zh: "隐私政策自相矛盾，或与应用实际不符",
            "有语句否认应用中实际存在的内容（不含第三方 SDK 或不含某个 SDK），或与政策其他内容矛盾：称数据仅在本地却又统计或传输，称不共享却有接收数据的条目，称不收集却有写明数据的条目，\
             称不出境却有境外接收方，写“无”而目的中又写有数据。语句本身写有例外情形时为提示。";
    }
    UnidentifiedCode "unidentified-code" Note {
        en: "the app carries code that no signature knows",
            "Packages outside the app's own that match no signature and no declared package. They may be the developer's own libraries or SDKs that the signature base does not \
             know yet; the list cannot be said to be complete while they are unexplained.";
        zh: "应用中存在没有特征能够识别的代码",
            "位于应用自身包名之外、且不匹配任何特征或声明包名的代码。它可能是开发者自己的库，也可能是特征库尚未收录的 SDK；在弄清之前不能说清单是完整的。";
    }
    TamperedArchive "tampered-archive" Warning {
        en: "the archive is written so as to mislead tools",
            "No build tool writes an archive like this: entries that claim encryption or an unknown compression method, two stories in directory and local header, names listed twice or leading \
             out of the folder, a dex file in front of the archive, counts that are not true. Each trick is named. The content is read as Android reads it; where Android would refuse the file, \
             the finding says so.";
        zh: "压缩包的写法会误导工具",
            "没有构建工具会写出这样的压缩包：条目声称加密或使用未知压缩方法，目录与本地文件头说法不一，名称重复或指向解压目录之外，压缩包之前有 dex 文件，计数不实。\
             每种手法都会写明。内容按安卓的方式读取；安卓会拒绝的，在发现中说明。";
    }
    PackedApp "packed-app" Warning {
        en: "a packer hides the app's code",
            "Libraries, assets or the application class of a packer are present. It unpacks the app's code at run time, so the dex files show the packer's stub and little else. Absence of an \
             SDK cannot be told; what manifest and libraries show stands. Audit the build before packing.";
        zh: "应用已加固，代码不可见",
            "应用中存在加固产品的动态库、资源或入口类。它在运行时解出应用代码，因此 dex 文件中只有加固壳。无法判断某个 SDK 不存在；清单文件和动态库所示仍然成立。请审计加固前的构建。";
    }
    ExpiredWaiver "expired-waiver" Warning {
        en: "a waiver has ended, and its finding is still there",
            "The waivers file accepts the finding up to a day that has passed, so the finding counts again. Settle it, or set a new end date and say why. A waiver cannot be waived.";
        zh: "豁免已到期，而相应发现仍在",
            "豁免文件对该发现的接受期限已过，该发现重新计入结果。请处理该发现，或重新约定期限并说明理由。豁免本身的发现不能再豁免。";
    }
    UnusedWaiver "unused-waiver" Warning {
        en: "a waiver accepts what was not found",
            "No finding of this run has the rule, subject and app of the entry: it was settled, renamed, or misspelt. An entry that nobody needs would silently accept the finding when it comes \
             back. Remove it. Nothing is said where an input could not be read.";
        zh: "豁免没有对应的发现",
            "本次运行中没有任何发现与该条的规则、对象和应用一致：它可能已处理、改名或写错。不再需要的豁免会在问题重现时悄然将其放过，请删除。如有输入无法读取，则不作此判断。";
    }
    UnreadableContent "unreadable-content" Error {
        en: "part of the app could not be read",
            "An entry is damaged, encrypted or of an unknown form. Everything else was read; nothing is claimed about what lies in that part. This rule cannot be switched off.";
        zh: "应用的一部分无法读取",
            "有条目损坏、加密或格式未知。其余内容均已读取；对该部分不作任何判断。此规则不能关闭。";
    }
}

impl Rule {
    /// The rule with this id.
    pub fn from_id(id: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.id() == id)
    }
}
