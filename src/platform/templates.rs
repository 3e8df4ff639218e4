//! Templates that vendors publish for the SDK lists of apps, and the mistakes that they hold themselves.

/// A template.
#[derive(Debug)]
pub struct Template {
    /// What to call it, English.
    pub title_en: &'static str,
    /// What to call it, Chinese.
    pub title_zh: &'static str,
    /// Words in lower case of which a document written from it holds one.
    pub names: &'static [&'static str],
    /// Its mistakes.
    pub defects: &'static [Defect],
}

/// A mistake of a template.
#[derive(Debug)]
pub struct Defect {
    /// How a record shows it.
    pub mark: Mark,
    /// What is wrong, English.
    pub what_en: &'static str,
    /// What is wrong, Chinese.
    pub what_zh: &'static str,
}

/// How a record shows a mistake.
#[derive(Debug)]
pub enum Mark {
    /// A permission is written so.
    Permission(&'static str),
    /// A package is written so.
    Package(&'static str),
    /// The record of this SDK has a link with this part.
    Link {
        /// Signature id.
        sdk: &'static str,
        /// Part of the link.
        part: &'static str,
    },
}

/// All templates. DCloud's is the disclosure table of its app store guide for uni-app (seen November 2026).
pub const ALL: [Template; 1] = [Template {
    title_en: "DCloud's template for uni-app",
    title_zh: "DCloud 的 uni-app 模板",
    names: &["dcloud", "uni-app", "uni app", "uniapp", "5+app", "hbuilder"],
    defects: &[
        Defect {
            mark: Mark::Permission("android.permission.READ_EXTERNAL_STORAG"),
            what_en: "the last letter is missing",
            what_zh: "缺少最后一个字母",
        },
        Defect {
            mark: Mark::Permission("android.permission.MOUNT_UNMOUNT_FILESYSTEM"),
            what_en: "the last letter is missing",
            what_zh: "缺少最后一个字母",
        },
        Defect {
            mark: Mark::Package("engine.tuifish.com"),
            what_en: "a web host as package",
            what_zh: "以网站域名充当包名",
        },
        Defect {
            mark: Mark::Link { sdk: "droidsonroids.gif", part: "alibaba/fastjson" },
            what_en: "the link of another library",
            what_zh: "其他库的链接",
        },
        Defect {
            mark: Mark::Link { sdk: "umeng.analytics", part: "docs.getui.com" },
            what_en: "the link of another SDK",
            what_zh: "其他 SDK 的链接",
        },
    ],
}];
