//! Which words can be a name, and which are about nobody in particular.

use crate::declared::labels::lookup;

/// Longest name in characters.
const MAX_NAME: usize = 50;

/// What the sentence is about, without the words that join it to its verb.
pub fn subject(before: &str) -> &str {
    const JOINTS: [&str; 14] =
        [" is", " are", " and", " may", " will", " can", " which", "是", "主要", "可能", "会", "将", "需要", "，"];
    let mut text = before.trim_end();
    while let Some(rest) = JOINTS.iter().find_map(|joint| text.strip_suffix(joint)) {
        text = rest.trim_end();
    }
    text
}

pub fn is_pronoun(subject: &str) -> bool {
    ["it", "the sdk", "this sdk", "they", "we", "该sdk", "此sdk", "该服务", "其", "我们", "您", "your", "this", "which"]
        .contains(&subject.trim())
}

/// Words for a kind of thing or for nobody in particular.
pub fn is_general(words: &str) -> bool {
    #[rustfmt::skip]
    const GENERAL: &[&str] = &[
        "第三方", "合作方", "合作伙伴", "下列", "上述", "部分", "功能", "三方", "相关", "多个", "一些", "以下", "我们", "您", "其他", "cookie", "third-party", "third party", "several", "various", "our ", "your ", "other ",
    ];
    let lower = words.to_lowercase();
    GENERAL.iter().any(|word| lower.contains(word))
}

/// A company's short name: one to three words, the first with a capital or Chinese.
pub fn is_brand(words: &str) -> bool {
    let begins = words.starts_with(|c: char| c.is_alphabetic() && !c.is_ascii_lowercase());
    begins
        && words.split_whitespace().count() <= 4
        && words.chars().count() <= 24
        && !words.contains(['的', '，', '、'])
}

/// Whether words can be a product's name.
pub fn is_name(words: &str) -> bool {
    #[rustfmt::skip]
    const SPEAKERS: &[&str] = &[
        "我们", "您", "你", "如果", "如", "为", "本", "该", "其", "以下", "上述", "这", "当", "在", "请", "若", "及", "和", "用户", "we ", "you ", "if ", "the following",
        "these", "this ", "our ", "your ", "any ", "such ", "it ", "some ", "other ", "in ", "when ", "for ", "to ",
    ];
    let lower = words.to_lowercase();
    let count = words.chars().count();
    (2..=MAX_NAME).contains(&count)
        && words.chars().any(char::is_alphabetic)
        && !words.contains(['，', '。', '；', '？', '\n', '、'])
        && !lower.contains("://")
        && words.split_whitespace().count() <= 7
        && !SPEAKERS.iter().any(|word| lower.starts_with(word))
        && !is_general(words)
        && !["sdk", "sdks", "app", "软件开发包", "软件开发工具包", "服务", "组件"].contains(&lower.as_str())
        && lookup(words).is_none()
}
