//! Values that are a sentence, and the sentence says that there is nothing.

use super::value::plain;

/// Words and marks that are the whole value where there is nothing.
#[rustfmt::skip]
const NONE: &[&str] = &[
    "none", "//", "–", "×", "✕", "✗", "✘", "空", "無", "不適用", "無需", "不需要", "暂不涉及", "暫無", "不涉及权限", "不涉及任何权限",
    "未涉及", "无此项", "不申请", "不申请权限", "不申请任何权限", "无需权限", "无需任何权限", "无需申请权限", "无权限", "无特殊权限", "不需要权限", "不调用权限",
    "不收集", "未收集", "不获取", "不采集", "nothing", "none required", "none needed", "none collected", "none used",
    "none requested", "no permission", "no permissions", "no permission required", "no permissions required",
    "no permission needed", "no permissions needed", "no permissions requested", "no permissions used",
    "not required", "not collected", "no data", "no data collected", "无", "不涉及", "没有", "/", "n/a", "na",
    "暂无", "无需", "不适用", "not applicable", "not involved", "nil", "-", "--", "—", "——", "／",
];

/// Whether a value says that there is nothing.
pub(super) fn is_none_word(value: &str) -> bool {
    const ROUND: &[char] =
        &['.', '。', ';', '；', ',', '，', '"', '“', '”', ' ', '(', ')', '（', '）', '「', '」', '【', '】'];
    // A lone backslash escapes nothing.
    value.trim() == "\\" || NONE.contains(&plain(value).trim_matches(ROUND).to_lowercase().as_str())
}

/// Whether a value is nothing but a denial: "This SDK does not collect any personal information", 不收集任何信息.
pub(super) fn is_denial(value: &str) -> bool {
    let text = plain(value).to_lowercase();
    let text = text.trim_matches(['.', '。', ';', '；', ',', '，', '"', '“', '”', ' ']);
    is_english_denial(text) || is_chinese_denial(text)
}

fn is_english_denial(text: &str) -> bool {
    const NOTHING: [&str; 6] = ["no", "not", "never", "doesn't", "don't", "nor"];
    const WORDS: [&str; 28] = [
        "this",
        "the",
        "sdk",
        "it",
        "we",
        "does",
        "do",
        "will",
        "collect",
        "collects",
        "collected",
        "process",
        "processed",
        "obtain",
        "any",
        "personal",
        "user",
        "user's",
        "users'",
        "users",
        "your",
        "information",
        "data",
        "is",
        "are",
        "of",
        "or",
        "device",
    ];
    let mut denied = false;
    let all = text.split_whitespace().all(|word| {
        denied |= NOTHING.contains(&word);
        NOTHING.contains(&word) || WORDS.contains(&word)
    });
    all && denied && (text.ends_with("information") || text.ends_with("data") || text.ends_with("collected"))
}

fn is_chinese_denial(mut text: &str) -> bool {
    const NOTHING: [&str; 6] = ["没有", "无需", "不会", "不", "未", "无"];
    const WORDS: [&str; 23] = [
        "本sdk",
        "该sdk",
        "sdk",
        "本产品",
        "我们",
        "收集",
        "获取",
        "采集",
        "使用",
        "涉及",
        "上传",
        "处理",
        "任何",
        "用户",
        "您的",
        "个人",
        "敏感",
        "隐私",
        "信息",
        "数据",
        "设备",
        "的",
        "和",
    ];
    if !(text.ends_with("信息") || text.ends_with("数据")) {
        return false;
    }
    let mut denied = false;
    while !text.is_empty() {
        if let Some(rest) = NOTHING.iter().find_map(|word| text.strip_prefix(word)) {
            (denied, text) = (true, rest);
        } else if let Some(rest) = WORDS.iter().find_map(|word| text.strip_prefix(word)) {
            text = rest;
        } else {
            return false;
        }
    }
    denied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_only_denies_says_nothing_is_collected() {
        let denials = [
            "This SDK does not collect personal information.",
            "does not collect any information",
            "Does not collect user data",
            "no personal information is collected",
            "不收集任何信息",
            "无个人信息",
            "该SDK不会收集您的个人信息。",
            "不涉及用户个人信息",
        ];
        for text in denials {
            assert!(is_denial(text), "{text}");
        }
        for text in [
            "IMEI",
            "does not collect location data",
            "无线网络信息",
            "不收集位置信息",
            "设备信息",
            "personal information",
            "未成年人信息",
        ] {
            assert!(!is_denial(text), "{text}");
        }
    }
}
