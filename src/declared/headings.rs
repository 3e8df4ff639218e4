//! Headings and names: which of them name a record, and what of their words is the name.

use super::labels::{Kind, lookup};
use super::{names, value};

/// "XXX", "某某SDK": the blanks of a form, not a record.
pub(super) fn is_placeholder(name: &str) -> bool {
    let name = name.split(['(', '（']).next().unwrap_or(name);
    let letters: String = name.to_lowercase().replace("sdk", "").chars().filter(|c| c.is_alphanumeric()).collect();
    let blanks = letters.chars().all(|c| matches!(c, 'x' | '某' | '×'));
    blanks && letters.chars().count() >= 2
}

/// Titles of other sections that list an address and a web site.
pub(super) fn is_section_title(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "联系我们",
        "联系方式",
        "如何联系",
        "关于我们",
        "隐私政策",
        "隐私权政策",
        "目录",
        "contact us",
        "how to contact",
        "about us",
        "privacy policy",
        "privacy notice",
        "table of contents",
        "data controller",
        "公司信息",
        "运营者信息",
        "children",
        "权限",
        "系统权限",
        "设备权限",
        "应用权限",
        "权限申请",
        "权限说明",
        "权限列表",
        "权限清单",
        "存储期限",
        "保存期限",
        "数据收集",
        "信息收集",
        "接收方",
        "数据接收方",
        "对外提供",
        "委托处理",
        "共享",
        "信息共享",
        "数据共享",
        "cookie",
        "cookies",
        "法律依据",
        "permissions",
        "app permissions",
        "device permissions",
        "recipients",
        "data we collect",
        "what we collect",
        "information we collect",
        "legal bases",
        "legal basis",
        "retention",
        "data retention",
        "your rights",
        "definitions",
        "data sharing",
        "app information",
        "about this app",
    ];
    const STARTS: &[&str] = &[
        "app name",
        "应用名称",
        "how we ",
        "what we ",
        "我们如何",
        "发布",
        "更新日期",
        "生效日期",
        "published ",
        "last updated",
        "effective ",
    ];
    let name = name.to_lowercase();
    STARTS.iter().any(|word| name.starts_with(word))
        || WORDS
            .iter()
            .any(|word| name == *word || (name.ends_with(word) && name.chars().count() <= word.chars().count() + 8))
}

/// Whether a heading is the title of a list and of nothing in it: "第三方SDK目录", "Third-party SDKs in our app".
pub(super) fn is_list_title(text: &str) -> bool {
    #[rustfmt::skip]
    const CHINESE: &[&str] = &[
        "第三方", "三方", "软件开发工具包", "软件工具开发包", "软件开发包", "开发工具包", "合作伙伴", "合作方", "我们", "应用", "本", "接入", "集成",
        "嵌入", "使用", "引入", "收集", "个人", "信息", "共享", "清单", "目录", "列表", "名单", "一览表", "一览", "明细", "情况", "说明", "公示",
        "服务商", "服务", "插件", "组件", "代码", "类", "附录", "附件", "一", "二", "三", "四", "五", "六", "附", "以下", "如下", "包括", "涉及", "相关", "的", "及", "和", "与", "或", "等",
        "表", "中", "在", "端", "安卓", "版", "登记", "披露", "声明", "合作", "之", "有关", "下列", "上述", "各", "任何", "其他", "其它", "多个", "一些", "款", "个", "提供方", "主要", "常用", "部分",
    ];
    #[rustfmt::skip]
    const ENGLISH: &[&str] = &[
        "third", "party", "parties", "sdk", "sdks", "software", "development", "kit", "kits", "list", "lists", "of", "the", "in", "our", "app", "apps",
        "application", "used", "use", "uses", "we", "by", "and", "or", "integrated", "embedded", "services", "service", "libraries", "library",
        "components", "component", "directory", "overview", "providers", "provider", "partners", "partner", "android", "ios", "harmonyos", "annex",
        "appendix", "a", "b", "c", "information", "sharing", "shared", "data", "with", "transparency", "disclosure", "table", "mobile", "inventory",
        "tools", "plugins", "included", "inside", "external", "for", "from", "other", "these", "following", "notice", "code",
    ];
    let lower = text.to_lowercase();
    let lower = value::plain(&lower);
    let mut speaks = false;
    let is_word = |run: &str| {
        if run.is_ascii() {
            return ENGLISH.contains(&run) || run.bytes().all(|byte| byte.is_ascii_digit());
        }
        let mut rest = run;
        while !rest.is_empty() {
            let Some(word) = CHINESE.iter().find(|word| rest.starts_with(**word)) else { return false };
            rest = &rest[word.len()..];
        }
        true
    };
    // Latin and Chinese letters are words of their own, as in "第三方SDK列表".
    let spaced = names::words(&lower);
    let all = spaced.split(' ').filter(|run| !run.is_empty()).all(|run| {
        speaks |= matches!(run, "sdk" | "sdks" | "kits" | "libraries")
            || ["第三方", "三方", "开发包", "工具包"].iter().any(|word| run.contains(word))
            || run == "third";
        is_word(run)
    });
    all && speaks
}

/// "第三方SDK：指由第三方提供的…": the entry of a glossary.
pub(super) fn is_definition(value: &str) -> bool {
    let lower = value.trim_start_matches(['*', '_', ' ', '“', '"']).to_lowercase();
    ["是指", "指的是", "系指", "means ", "mean ", "refers to ", "refer to ", "stands for "]
        .iter()
        .any(|start| lower.starts_with(start))
        || lower.strip_prefix('指').is_some_and(|rest| !rest.starts_with(['纹', '南', '标', '尖', '数']))
}

/// A name without its number, the marks of notes and screen readers, and the lines that hold its package.
pub(super) fn clean_name(written: &str) -> String {
    const NOTES: [&str; 6] =
        ["(opens in a new tab)", "(opens in new tab)", "(opens in a new window)", "（在新窗口中打开）", "↗", "(new)"];
    let alone = |line: &str| line.contains([':', '：']) || line.trim().chars().count() <= 8;
    let is_name = |line: &&str| {
        let label = line.split([':', '：']).next().and_then(lookup);
        let package = alone(line) && label.is_some_and(|label| label.kind == Kind::Package);
        !package && !value::is_package_name(line.trim_matches(['(', ')', '（', '）', ' ']))
    };
    let lines: Vec<&str> = written.split('\n').filter(is_name).collect();
    let mut text = if lines.is_empty() { written.to_owned() } else { lines.join("\n") };
    for note in NOTES {
        if let Some(at) = text.find(note) {
            text.replace_range(at..at + note.len(), "");
        }
    }
    // "(privacy policy)": the words of a link behind the name.
    if let Some(open) = text.rfind(['(', '（']).filter(|open| *open > 0) {
        let inner = text[open..].trim_matches(['(', ')', '（', '）', ' ']);
        if text.ends_with([')', '）']) && lookup(inner).is_some_and(|label| label.kind == Kind::Link) {
            text.truncate(open);
        }
    }
    let text = text.trim_end_matches(|c: char| {
        matches!(c, '¹' | '²' | '³' | '⁴'..='⁹' | '†' | '‡' | '*' | '※') || c.is_whitespace()
    });
    let text = text
        .strip_prefix(":::")
        .map_or(text, |rest| rest.trim_start_matches(|c: char| c == ':' || c == ' ' || c.is_ascii_lowercase()));
    without_number(text.trim()).to_owned()
}

/// "1、微信", "No.2 Acme", "(3) Acme": the name behind the number.
fn without_number(text: &str) -> &str {
    let lower = text.to_lowercase();
    let mark = ["no.", "#", "(", "（", ""].iter().find(|mark| lower.starts_with(**mark)).map_or(0, |mark| mark.len());
    let Some(rest) = text.get(mark..) else { return text };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let behind = rest.get(digits..).unwrap_or("");
    let closed = behind.starts_with(['、', ')', '）', '．']) || behind.starts_with(". ");
    let blank = mark >= 1 && !text.starts_with(['(', '（']) && behind.starts_with(' ');
    if !(1..=3).contains(&digits) || !(closed || blank) {
        return text;
    }
    let name = behind.trim_start_matches(['、', ')', '）', '．', '.', ' ']);
    if name.is_empty() { text } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_other_sections_are_no_records() {
        assert!(is_placeholder("xxX") && is_placeholder("XXX SDK") && is_placeholder("某某SDK"));
        assert!(!is_placeholder("X5内核") && !is_placeholder("SDK"));
        assert!(is_section_title("如何联系我们") && is_section_title("Contact us") && !is_section_title("微信"));
    }

    #[test]
    fn titles_of_lists_name_nothing_in_them() {
        for text in [
            "第三方SDK目录",
            "附件一 第三方SDK收集个人信息说明",
            "Third-party SDKs",
            "5. Third-Party SDK List",
            "SDK transparency",
        ] {
            assert!(is_list_title(text), "{text}");
        }
        for text in ["微信SDK", "Mapbox Maps SDK", "Facebook SDK", "第三方登录", "Analytics"] {
            assert!(!is_list_title(text), "{text}");
        }
    }

    #[test]
    fn names_lose_their_numbers_and_notes() {
        for (written, name) in [
            ("1、微信SDK", "微信SDK"),
            ("Amplitude (opens in a new tab)", "Amplitude"),
            ("Mapbox\ncom.mapbox.maps", "Mapbox"),
            ("微信\n包名：com.a.b", "微信"),
            ("360加固", "360加固"),
            ("3D Touch", "3D Touch"),
        ] {
            assert_eq!(clean_name(written), name);
        }
        assert!(
            is_definition("指由第三方提供的工具包")
                && is_definition("means a software kit")
                && !is_definition("指纹识别SDK")
        );
    }
}
