//! What every policy must say, and what it says about its own parts.

use super::super::{Finding, Rule, Severity, Sink};
use super::Paper;
use super::references::{self, heads_a_line, quoted};
use crate::declared::{Declaration, Form, Place, Position, Sentence, StatementKind};
use crate::lang::Text;

/// Runs the family.
pub fn check(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    no_list(paper, sink);
    for sentence in paper.prose() {
        elsewhere(paper, sentence, sink);
        references::dangling(paper, sentence, sink);
        dangling_contact(paper, sentence, sink);
    }
    if is_policy(paper) {
        missing_parts(paper, sink);
    }
}

fn no_list(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let declaration = paper.declaration;
    // A policy that says there is no third-party SDK has no list to give; whether that is so, the app shows.
    let denied = declaration.statements.iter().any(|statement| statement.kind == StatementKind::NoThirdPartySdk);
    if declaration.has_sdk_list || (denied && paper.manifest.is_none()) {
        return;
    }
    let document = &declaration.document;
    let forms: Option<Vec<_>> = declaration.documents().iter().map(|one| one.form).collect();
    let form = forms.and_then(|forms| forms.first().copied());
    let (message, help) = match form.map(Form::label) {
        // A form has no place for SDKs: alone it is complete, and nothing to compare an app's SDKs with.
        Some(_) if paper.manifest.is_none() => return,
        Some(form) => (
            Text::new(
                format!("{document} is {}, which cannot hold a list of SDKs", form.en),
                format!("{document} 是{}，其中无法列出 SDK", form.zh),
            ),
            Text::new("give the policy or the SDK list as well", "请一并提供隐私政策或 SDK 清单"),
        ),
        None => (
            Text::new(
                format!("{document} holds no list of third-party SDKs"),
                format!("{document} 中没有第三方 SDK 清单"),
            ),
            Text::new("give the document that holds the list, or write one", "请提供包含清单的文档，或编写清单"),
        ),
    };
    sink.emit(Finding::new(Rule::NoSdkList, "sdk-list", message, help).declared(paper.whole()));
}

/// "See our list of third-party SDKs at https://…".
fn elsewhere(paper: &Paper<'_>, sentence: &Sentence, sink: &mut Sink<'_>) {
    let text = sentence.text.to_lowercase();
    const LIST_EN: [&str; 8] = [
        "list of third-party sdk",
        "list of third party sdk",
        "third-party sdk list",
        "third party sdk list",
        "sdk list",
        "list of sdks",
        "third-party information sharing list",
        "third party information sharing list",
    ];
    const LIST_ZH: [&str; 12] = [
        "sdk目录",
        "sdk 目录",
        "sdk清单",
        "sdk 清单",
        "sdk列表",
        "sdk 列表",
        "共享清单",
        "sdk名单",
        "sdk说明",
        "sdk信息",
        "sdk 信息",
        "sdk使用情况",
    ];
    const REFER: [&str; 15] = [
        "see ",
        "refer to",
        "view ",
        "available at",
        "click",
        "详见",
        "请见",
        "参见",
        "参阅",
        "查阅",
        "查看",
        "请参考",
        "见《",
        "访问",
        "点击",
    ];
    let list = LIST_EN.iter().chain(&LIST_ZH).any(|word| text.contains(word));
    if !list || !REFER.iter().any(|word| text.contains(word)) {
        return;
    }
    let Place { part, .. } = paper.declaration.place(Position { line: sentence.at.line, column: 1 });
    // The list that stands elsewhere has been given as well.
    let own = paper.declaration.documents().get(part).is_some_and(|document| document.has_sdk_list);
    if paper.declaration.has_sdk_list && !own {
        return;
    }
    // Words alone may mean a part of this document; a link or a title of its own does not.
    let Some(target) = target(paper, sentence) else { return };
    let finding = Finding::new(
        Rule::ListElsewhere,
        "sdk-list",
        Text::new(
            format!("the policy says that its SDK list stands elsewhere: {target}"),
            format!("政策称 SDK 清单在别处：{target}"),
        ),
        Text::new("give that document as well", "请一并提供该文档"),
    );
    let severity = if paper.declaration.has_sdk_list { Severity::Note } else { Severity::Warning };
    sink.emit(finding.severity(severity).declared(paper.sentence(sentence)));
}

/// The link of a sentence, else a quoted title that no line of this document bears.
fn target(paper: &Paper<'_>, sentence: &Sentence) -> Option<String> {
    let raw: String =
        (sentence.at.line..=sentence.last_line).map(|line| paper.line(line)).collect::<Vec<_>>().join(" ");
    let link = ["https://", "http://"].iter().find_map(|scheme| raw.find(scheme));
    if let Some(at) = link {
        let is_end = |c: char| c.is_whitespace() || !c.is_ascii() || matches!(c, ')' | ']' | '"' | '\'' | '<' | '>');
        let rest = &raw[at..];
        return Some(rest[..rest.find(is_end).unwrap_or(rest.len())].trim_end_matches(['.', ',', ';']).to_owned());
    }
    let title = quoted(&sentence.text, '《', '》')?;
    (!paper.declaration.has_sdk_list && !heads_a_line(paper, title)).then(|| format!("《{title}》"))
}

/// "Please contact us as follows", and nothing follows.
fn dangling_contact(paper: &Paper<'_>, sentence: &Sentence, sink: &mut Sink<'_>) {
    let text = sentence.text.to_lowercase();
    let announces = (text.contains("contact us")
        && ["as follows", "in the following way", "through the following", "by the following"]
            .iter()
            .any(|word| text.contains(word)))
        || (["联系我们", "与我们联系"].iter().any(|word| text.contains(word))
            && ["以下方式", "下列方式", "如下方式", "方式如下", "以下联系方式"].iter().any(|word| text.contains(word)));
    if !announces || has_contact(paper) {
        return;
    }
    let finding = Finding::new(
        Rule::DanglingReference,
        "contact",
        Text::new("the policy announces contact details, and none follow", "政策称联系方式如下，但没有给出"),
        Text::new("give an address that reaches you", "请给出有效的联系方式"),
    );
    sink.emit(finding.declared(paper.sentence(sentence)));
}

/// Whether the document calls itself a privacy policy, and not a list that belongs to one.
fn is_policy(paper: &Paper<'_>) -> bool {
    const HEAD: usize = 8;
    const TITLES: [&str; 10] = [
        "privacy policy",
        "privacy statement",
        "privacy notice",
        "隐私政策",
        "隐私权政策",
        "隐私条款",
        "隐私声明",
        "隐私保护政策",
        "个人信息保护政策",
        "personal information protection policy",
    ];
    const LISTS: [&str; 9] = ["sdk", "list", "清单", "目录", "列表", "名单", "data safety", "third-party", "第三方"];
    let is_policy = |document: &Declaration| {
        let lines = document.lines();
        let mut head = lines.iter().map(|line| line.text.trim()).filter(|line| !line.is_empty()).take(HEAD);
        let title = head.find(|line| {
            let lower = line.to_lowercase();
            line.chars().nth(80).is_none() && TITLES.iter().any(|title| lower.contains(title)) && !lower.contains("://")
        });
        title.is_some_and(|title| !LISTS.iter().any(|word| title.to_lowercase().contains(word)))
    };
    paper.declaration.documents().iter().any(|document| document.is_prose() && is_policy(document))
}

fn missing_parts(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    if !has_contact(paper) {
        sink.emit(missing(
            paper,
            Rule::MissingContact,
            "contact",
            Text::new("the policy gives no way to reach its publisher", "政策没有给出联系方式"),
            Text::new("add an e-mail address, telephone number or postal address", "请补充电子邮箱、电话或通信地址"),
        ));
    }
    if !has_date(paper) {
        sink.emit(missing(
            paper,
            Rule::MissingDate,
            "date",
            Text::new("the policy gives no date of update or effect", "政策没有写明更新或生效日期"),
            Text::new("say when it was updated and from when it holds", "请写明更新日期和生效日期"),
        ));
    }
    if !has_children_clause(paper) {
        sink.emit(missing(
            paper,
            Rule::MissingChildrenClause,
            "children",
            Text::new("the policy says nothing about children", "政策没有关于未成年人的内容"),
            Text::new("say how the data of children is treated", "请说明如何处理未成年人的信息"),
        ));
    }
}

fn missing(paper: &Paper<'_>, rule: Rule, subject: &str, message: Text, help: Text) -> Finding {
    Finding::new(rule, subject, message, help).declared(paper.whole())
}

fn has_contact(paper: &Paper<'_>) -> bool {
    let outside = paper.lines.iter().filter(|line| !paper.in_records.contains(&line.number));
    outside.map(|line| line.text).any(|line| {
        let lower = line.to_lowercase();
        let form = [
            "contact form",
            "feedback form",
            "online customer service",
            "在线客服",
            "意见反馈",
            "客服中心",
            "联系表单",
        ];
        has_email(&lower)
            || form.iter().any(|word| lower.contains(word))
            || has_telephone(&lower)
            || has_labelled_value(&lower, &["address", "地址", "邮箱", "e-mail", "email", "通讯地址", "邮编"])
    })
}

fn has_email(text: &str) -> bool {
    let local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    text.match_indices('@').any(|(at, _)| {
        let domain: String =
            text[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
        text[..at].ends_with(local) && domain.trim_end_matches('.').contains('.')
    })
}

/// Seven digits or more behind a word for a telephone.
fn has_telephone(text: &str) -> bool {
    const WORDS: [&str; 8] = ["tel", "phone", "hotline", "call us", "电话", "热线", "手机", "致电"];
    let near = |at: usize| {
        let behind: String = text[at..].chars().take(40).collect();
        behind.chars().filter(char::is_ascii_digit).count() >= 7
    };
    WORDS.iter().any(|word| text.match_indices(word).any(|(at, _)| near(at)))
}

fn has_labelled_value(text: &str, labels: &[&str]) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    labels.iter().any(|label| {
        let Some(rest) = text.strip_prefix(label) else { return false };
        let value = rest.trim_start_matches(['*', ' ']).strip_prefix([':', '：']);
        value.is_some_and(|value| value.chars().filter(|c| c.is_alphanumeric()).count() >= 6)
    })
}

/// A year beside a word for update or effect, or a line that is little but a date.
fn has_date(paper: &Paper<'_>) -> bool {
    const WORDS: [&str; 14] = [
        "updat",
        "effective",
        "revis",
        "version",
        "published",
        "in force",
        "as of",
        "date",
        "更新",
        "生效",
        "发布",
        "修订",
        "版本",
        "日期",
    ];
    paper.lines.iter().map(|line| line.text).any(|line| {
        let lower = line.to_lowercase();
        let short = line.chars().nth(60).is_none();
        has_year(&lower) && (WORDS.iter().any(|word| lower.contains(word)) || (short && has_full_date(&lower)))
    })
}

fn has_year(text: &str) -> bool {
    text.match_indices("20").any(|(at, _)| {
        let year: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
        matches!(year.len(), 4 | 8) && !text[..at].ends_with(|c: char| c.is_ascii_digit())
    })
}

fn has_full_date(text: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    (text.contains('年') && text.contains('月'))
        || MONTHS.iter().any(|month| text.contains(month))
        || text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count() >= 3
}

fn has_children_clause(paper: &Paper<'_>) -> bool {
    const WORDS: [&str; 10] = [
        "child",
        "minors",
        "guardian",
        "parental",
        "under the age of",
        "teenager",
        "儿童",
        "未成年",
        "监护人",
        "青少年",
    ];
    paper.lines.iter().map(|line| line.text).any(|line| {
        let lower = line.to_lowercase();
        WORDS.iter().any(|word| lower.contains(word))
    })
}
