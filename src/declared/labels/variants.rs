//! Labels that are not in the table as they stand: traditional characters, and nouns whose last word says what they are.

use super::{Kind, Label};
use crate::signatures::fold_name;
use std::borrow::Cow;

/// Labels in traditional characters, and with the words of Taiwan and Hong Kong, as the table has them.
pub fn simplified(text: &str) -> Cow<'_, str> {
    const WORDS: [(&str, &str); 6] =
        [("私隐", "隐私"), ("连结", "链接"), ("资料", "信息"), ("资讯", "信息"), ("套件", "包"), ("程式", "程序")];
    if text.is_ascii() || !text.chars().any(|c| simple(c) != c) {
        return Cow::Borrowed(text);
    }
    let mut out: String = text.chars().map(simple).collect();
    for (word, usual) in WORDS {
        out = out.replace(word, usual);
    }
    Cow::Owned(out)
}

/// The simplified form of the traditional characters that labels have.
#[rustfmt::skip]
fn simple(c: char) -> char {
    match c {
        '稱' => '称', '開' => '开', '發' => '发', '軟' => '软', '體' => '体', '務' => '务', '廠' => '厂', '個' => '个',
        '資' => '资', '訊' => '讯', '蒐' => '收', '隱' => '隐', '權' => '权', '連' => '连', '結' => '结', '類' => '类',
        '範' => '范', '圍' => '围', '處' => '处', '單' => '单', '項' => '项', '網' => '网', '條' => '条', '議' => '议',
        '聲' => '声', '傳' => '传', '輸' => '输', '儲' => '储', '應' => '应', '簡' => '简', '實' => '实', '聯' => '联',
        '絡' => '络', '無' => '无', '護' => '护', '說' => '说', '號' => '号', '種' => '种', '業' => '业', '構' => '构',
        '機' => '机', '關' => '关', '對' => '对', '與' => '与', '數' => '数', '據' => '据', '組' => '组', '織' => '织',
        '運' => '运', '營' => '营', '場' => '场', '備' => '备', '註' => '注', '係' => '系', '統' => '统', '級' => '级',
        '當' => '当', '參' => '参', '約' => '约', '圖' => '图', '標' => '标', '識' => '识', '證' => '证', '獲' => '获',
        '請' => '请', '調' => '调', '見' => '见', '頁' => '页', '載' => '载', '適' => '适', '終' => '终', '徑' => '径',
        '裝' => '装', '設' => '设', '為' => '为', '國' => '国', '內' => '内', '選' => '选', '別' => '别', '問' => '问', '詳' => '详',
        '導' => '导', '屬' => '属', '員' => '员', '庫' => '库', '擇' => '择', '閱' => '阅',
        c => c,
    }
}

/// Chinese labels are nouns whose last word says what they are: "所属公司名称", "收集的个人信息种类".
pub fn by_its_end(text: &str) -> Option<Label> {
    const LONGEST: usize = 16;
    #[rustfmt::skip]
    const ENDS: &[(Kind, &[&str])] = &[
        (Kind::Name, &["sdk名称"]),
        (Kind::Vendor, &["公司名称", "所属公司", "公司主体", "主体名称", "机构名称", "厂商名称", "提供方名称", "开发者名称", "运营者名称", "接收方名称"]),
        (Kind::Data, &[
            "个人信息", "个人信息类型", "个人信息种类", "个人信息字段", "个人信息范围", "个人信息内容", "个人信息名称", "个人信息项", "信息类型", "信息范围",
            "信息种类", "信息字段", "数据类型",
        ]),
        (Kind::Purpose, &["使用目的", "收集目的", "处理目的", "共享目的", "使用用途", "主要用途"]),
        (Kind::Link, &["隐私政策", "隐私政策链接", "隐私协议链接", "官网链接", "隐私政策地址", "隐私政策网址", "规则链接"]),
        (Kind::Method, &["收集方式", "处理方式", "共享方式"]),
    ];
    const SPEAKERS: [&str; 12] =
        ["我们", "您", "你", "本", "如何", "用户", "未成年", "查看", "详见", "关于", "不", "为"];
    let plain = |c: char| !c.is_ascii_punctuation() && !matches!(c, '，' | '。' | '；' | '《' | '》' | '“' | '、');
    if text.is_ascii() || text.chars().nth(LONGEST).is_some() || !text.trim().chars().all(plain) {
        return None;
    }
    let folded = fold_name(&simplified(text)).replace('的', "");
    if SPEAKERS.iter().any(|word| folded.contains(word)) {
        return None;
    }
    let ends = |(_, words): &&(Kind, &[&str])| words.iter().any(|word| folded.ends_with(word));
    let (kind, _) = ENDS.iter().find(ends)?;
    Some(Label { kind: *kind, weak: true, says_sdk: folded.contains("sdk"), takes_site: false })
}
