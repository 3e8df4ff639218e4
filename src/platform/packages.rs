//! Packages that the Android platform itself provides.

use crate::package::is_at_or_below;

/// Roots of the framework's own packages (AOSP boot class path; `org.apache.http` and `junit` until they were taken out of it).
const ROOTS: [&str; 16] = [
    "android",
    "com.android.internal",
    "dalvik",
    "gov.nist.javax",
    "java",
    "javax",
    "junit.framework",
    "junit.runner",
    "libcore",
    "org.apache.http",
    "org.json",
    "org.w3c.dom",
    "org.xml.sax",
    "org.xmlpull",
    "sun",
    "com.android.org",
];

/// Whether the platform provides this package. References to it show no SDK, though some libraries bring their own copy of
/// it, and compilers add empty stand-ins for newer classes.
pub fn is_platform(package: &str) -> bool {
    // Asked of every package: the first letter answers for most roots.
    let first = package.as_bytes().first();
    ROOTS.iter().any(|root| root.as_bytes().first() == first && is_at_or_below(package, root))
}

/// Roots under which phone makers keep the packages of their systems and of the apps they install. An SDK of theirs lies below,
/// and so does much that is none.
const SYSTEM_ROOTS: [&str; 14] = [
    "com.android",
    "com.coloros",
    "com.google.android",
    "com.hihonor.android",
    "com.huawei.android",
    "com.lenovo",
    "com.meizu",
    "com.miui",
    "com.oneplus",
    "com.oplus",
    "com.samsung",
    "com.samsung.android",
    "com.sec.android",
    "com.sonyericsson",
];

/// Whether this is exactly the root of a phone maker's system, or lies above one.
pub fn is_system_root(package: &str) -> bool {
    SYSTEM_ROOTS.iter().any(|root| is_at_or_below(root, package) && package.contains('.'))
}

/// Ids of apps that policies give where an SDK's package belongs: id, English and Chinese name (the apps' store pages).
const APPS: [(&str, &str, &str); 22] = [
    ("com.UCMobile", "UC Browser", "UC浏览器"),
    ("com.alibaba.android.rimet", "DingTalk", "钉钉"),
    ("com.autonavi.minimap", "Amap", "高德地图"),
    ("com.baidu.BaiduMap", "Baidu Maps", "百度地图"),
    ("com.eg.android.AlipayGphone", "Alipay", "支付宝"),
    ("com.facebook.katana", "Facebook", "Facebook"),
    ("com.instagram.android", "Instagram", "Instagram"),
    ("com.jingdong.app.mall", "JD", "京东"),
    ("com.paypal.android.p2pmobile", "PayPal", "PayPal"),
    ("com.sankuai.meituan", "Meituan", "美团"),
    ("com.sina.weibo", "Weibo", "微博"),
    ("com.smile.gifmaker", "Kuaishou", "快手"),
    ("com.ss.android.article.news", "Toutiao", "今日头条"),
    ("com.ss.android.ugc.aweme", "Douyin", "抖音"),
    ("com.taobao.taobao", "Taobao", "淘宝"),
    ("com.tencent.mm", "WeChat", "微信"),
    ("com.tencent.mobileqq", "QQ", "QQ"),
    ("com.tencent.qqmusic", "QQ Music", "QQ音乐"),
    ("com.tencent.wework", "WeCom", "企业微信"),
    ("com.twitter.android", "X", "X"),
    ("com.whatsapp", "WhatsApp", "WhatsApp"),
    ("com.xunmeng.pinduoduo", "Pinduoduo", "拼多多"),
];

/// The well-known app with this application id: its English and Chinese name.
pub fn app_with_id(id: &str) -> Option<(&'static str, &'static str)> {
    APPS.binary_search_by(|(known, _, _)| (*known).cmp(id)).ok().map(|at| (APPS[at].1, APPS[at].2))
}

/// Whether a dotted name is written as a host: it ends in a common top-level domain and does not begin with one, as a reversed
/// domain does.
pub fn is_host(name: &str) -> bool {
    const TOP: [&str; 12] = ["app", "cc", "cn", "com", "dev", "edu", "gov", "info", "io", "net", "org", "top"];
    let mut parts = name.split('.');
    let (first, last) = (parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
    // "app" and "info" begin and end packages of all kinds.
    let certain = ["cn", "com", "edu", "gov", "net", "org", "top"].contains(&last);
    // Two letters begin reversed domains of countries; these begin sites.
    let begins_site = first.len() > 2 || ["m", "h5"].contains(&first);
    certain && !TOP.contains(&first) && begins_site && name.bytes().all(|b| !b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_whole_segments() {
        for platform in ["android", "android.app", "java.util", "org.apache.http.client"] {
            assert!(is_platform(platform), "{platform}");
        }
        for other in ["androidx.core", "org.apache.httpcomponents", "com.android.volley", "javassist", ""] {
            assert!(!is_platform(other), "{other}");
        }
    }

    #[test]
    fn knows_hosts_apps_and_system_roots() {
        assert!(
            is_host("engine.tuifish.com")
                && is_host("www.acme.com.cn")
                && is_host("bugly.qq.com")
                && is_host("m.acme.com")
        );
        for package in ["com.acme.net", "net.acme.com", "io.dcloud", "okhttp3", "org.json", "de.acme.com", "top.acme"] {
            assert!(!is_host(package), "{package}");
        }
        assert!(APPS.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(app_with_id("com.tencent.mm"), Some(("WeChat", "微信")));
        assert_eq!(app_with_id("com.tencent.mmkv"), None);
        assert!(is_system_root("com.samsung.android") && is_system_root("com.samsung") && is_system_root("com.sec"));
        assert!(!is_system_root("com.samsung.android.sdk.pen") && !is_system_root("com") && !is_system_root("com.zx"));
    }
}
