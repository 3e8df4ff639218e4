//! The words that policies put before a field, in one table.

mod variants;
mod words;

use crate::signatures::fold_name;
use std::collections::HashMap;
use std::sync::OnceLock;
use variants::{by_its_end, simplified};
use words::LABELS;

/// Which field a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// SDK name.
    Name,
    /// Company.
    Vendor,
    /// Package names.
    Package,
    /// Permission names.
    Permission,
    /// Purpose.
    Purpose,
    /// Data handled.
    Data,
    /// Links.
    Link,
    /// How data is handled or shared.
    Method,
    /// Operating system.
    Platform,
    /// A known label of something that is not kept; it ends the field before it.
    Other,
}

/// A recognised label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The field.
    pub kind: Kind,
    /// A weaker label gives way to a stronger one of the same kind ("usage scenario" to "purpose").
    pub weak: bool,
    /// The label itself says SDK, so a record with it needs no further proof that it is one.
    pub says_sdk: bool,
    /// The label asks for a site as well ("SDK包名/网址"), so that a host is a right answer.
    pub takes_site: bool,
}

/// The label that `text` is, whatever its case, width, spacing and punctuation; `None` for all other text.
pub(super) fn lookup(text: &str) -> Option<Label> {
    // A label is short. Cutting off early keeps prose with a colon far behind from costing anything.
    if text.chars().nth(MAX_LABEL).is_some() {
        return None;
    }
    lookup_inside(text).or_else(|| by_its_end(text))
}

/// The label at the head of a column: also "Opt-out / privacy policy", which holds links whatever stands beside it.
pub(super) fn lookup_head(text: &str) -> Option<Label> {
    let is_link = |label: &Label| label.kind == Kind::Link;
    let short = text.chars().nth(MAX_LABEL).is_none();
    let part = || text.split(['/', '、', '&']).filter_map(exact).find(is_link);
    lookup(text).or_else(|| lookup(without_number(text)?)).or_else(|| part().filter(|_| short))
}

/// "A. SDK名称", "2、公司": the words behind the number of a column.
fn without_number(text: &str) -> Option<&str> {
    let rest = text.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let letter = usize::from(rest.starts_with(|c: char| c.is_ascii_uppercase()));
    let behind = rest.get(digits.max(letter)..).filter(|_| digits.max(letter) > 0)?;
    behind.strip_prefix(['.', '、', ')', '．', '）']).map(str::trim)
}

/// The same in the middle of a line, where what stands before a label may look like its beginning.
pub(super) fn lookup_inside(text: &str) -> Option<Label> {
    if text.chars().nth(MAX_LABEL).is_some() {
        return None;
    }
    exact(text).or_else(|| without_brackets(text)).or_else(|| compound(text))
}

/// Longest label in characters.
pub(super) const MAX_LABEL: usize = 60;

fn exact(text: &str) -> Option<Label> {
    // Folding drops punctuation: "sdk; permissions" is the end of a value and a label, not one label.
    if text.contains([';', '；', '。', '，']) {
        return None;
    }
    let folded = fold_name(&simplified(text));
    // "SDK1：", "SDK 2：".
    let folded = match folded.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "sdk" => "sdk".to_owned(),
        _ => folded,
    };
    let found = |word: &str| table().get(word).or_else(|| table().get(word.replace('的', "").as_str())).copied();
    let (kind, weak) = found(&folded).or_else(|| found(&bare(&folded)?))?;
    let takes_site = ["网址", "官网", "url", "website"].iter().any(|word| folded.contains(word));
    Some(Label { kind, weak, says_sdk: folded.contains("sdk"), takes_site })
}

/// "使用目的（场景）" is "使用目的".
fn without_brackets(text: &str) -> Option<Label> {
    let open = text.find(['(', '（', '['])?;
    if open == 0 || !text.trim_end().ends_with([')', '）', ']']) {
        return None;
    }
    exact(&text[..open])
}

/// "目的/用途", "开发者或公司名称": every part is a label of its own; the first one decides.
fn compound(text: &str) -> Option<Label> {
    let parts: Vec<&str> = ["/", "或", "及", "和", "与", "、", "&", " or ", " and "]
        .iter()
        .find(|separator| text.contains(**separator))
        .map(|separator| text.split(*separator).collect())?;
    let labels: Option<Vec<Label>> = parts.iter().map(|part| exact(part)).collect();
    let labels = labels?;
    let first = *labels.first()?;
    let any = |tells: fn(&Label) -> bool| labels.iter().any(tells);
    Some(Label { says_sdk: any(|label| label.says_sdk), takes_site: any(|label| label.takes_site), ..first })
}

/// Takes away what writers put around a label: "第三方SDK…", "The … of the SDK".
fn bare(folded: &str) -> Option<String> {
    const BEFORE: &[&str] = &[
        "第三方sdk的",
        "第三方sdk",
        "三方sdk",
        "该sdk",
        "sdk的",
        "sdk",
        "第三方",
        "三方",
        "合作方",
        "其",
        "可能",
        "所",
        "thesdk",
        "thirdpartysdk",
        "thirdparty",
        "the",
    ];
    const AFTER: &[&str] =
        &["bythirdpartysdk", "ofthirdpartysdk", "bythesdk", "ofthesdk", "bysdk", "ofsdk", "fromsdk", "如下", "包括"];
    let mut rest = folded;
    if let Some(cut) = BEFORE.iter().find_map(|affix| rest.strip_prefix(affix)) {
        rest = cut;
    }
    if let Some(cut) = AFTER.iter().find_map(|affix| rest.strip_suffix(affix)) {
        rest = cut;
    }
    (rest.len() < folded.len() && rest.chars().count() >= 2).then(|| rest.to_owned())
}

fn table() -> &'static HashMap<String, (Kind, bool)> {
    static TABLE: OnceLock<HashMap<String, (Kind, bool)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for &(kind, weak, words) in LABELS {
            for word in words.split('|') {
                let folded = fold_name(word);
                table.entry(folded.replace('的', "")).or_insert((kind, weak));
                table.entry(folded).or_insert((kind, weak));
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<Kind> {
        lookup(text).map(|label| label.kind)
    }

    #[test]
    fn synonyms_of_one_field_meet() {
        for text in
            ["SDK Name", "sdk name", "ＳＤＫ名称", "使用SDK名称", "合作SDK名称", "Third party name", "第三方 SDK 名称"]
        {
            assert_eq!(kind(text), Some(Kind::Name), "{text}");
        }
        for text in [
            "运营方",
            "SDK厂商",
            "第三方SDK提供方",
            "接收方名称",
            "第三方名称",
            "Third party developer entity",
            "公司名称",
        ] {
            assert_eq!(kind(text), Some(Kind::Vendor), "{text}");
        }
        for text in ["SDK包名/网址", "包名信息", "Package name information"] {
            assert_eq!(kind(text), Some(Kind::Package), "{text}");
        }
        for text in [
            "可能获取的个人信息类型",
            "The scope of information collected by SDK",
            "收集个人信息的类型",
            "第三方SDK收集的个人信息",
        ] {
            assert_eq!(kind(text), Some(Kind::Data), "{text}");
        }
        for text in
            ["Privacy Policy Link/Official Website", "第三方隐私政策或官网链接", "隐私政策/官网", "SDK隐私权政策链接"]
        {
            assert_eq!(kind(text), Some(Kind::Link), "{text}");
        }
        assert_eq!(kind("使用目的（业务场景）"), Some(Kind::Purpose));
        assert_eq!(kind("收集方式"), Some(Kind::Method));
    }

    #[test]
    fn weak_labels_are_told_from_strong_ones() {
        assert!(lookup("Usage scenario").unwrap().weak && !lookup("Purpose of SDK").unwrap().weak);
        assert!(lookup("Device permissions invoked").unwrap().weak && !lookup("Permission used").unwrap().weak);
        assert!(lookup("SDK名称").unwrap().says_sdk && !lookup("名称").unwrap().says_sdk);
    }

    #[test]
    fn words_of_the_prose_are_no_labels() {
        for text in [
            "设备信息",
            "Payment related information",
            "User basic information",
            "https",
            "应用信息",
            "Memory card permission / file storage function",
            "",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn no_word_stands_under_two_fields() {
        let mut seen: HashMap<String, (Kind, bool)> = HashMap::new();
        for &(kind, weak, words) in LABELS {
            for word in words.split('|') {
                if let Some(other) = seen.insert(fold_name(word), (kind, weak)) {
                    assert_eq!(other, (kind, weak), "{word} is in two rows");
                }
            }
        }
    }
}
