//! Statements of the policy that other parts of it contradict.

use super::super::{Finding, Rule, Severity, Sink};
use super::{Paper, words};
use crate::declared::{DeclaredSdk, Field, Located, Sentence, StatementKind};
use crate::lang::Text;
use crate::platform::{data_types, vendors};
use crate::signatures::{Category, Sdk};

/// Runs the family.
pub fn check(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    for record in &paper.declaration.records {
        local_only(paper, record, sink);
        none_but_data(paper, record, sink);
    }
    denied_list(paper, sink);
    for sentence in paper.prose() {
        no_sharing(paper, sentence, sink);
        no_collection(paper, sentence, sink);
        cross_border(paper, sentence, sink);
    }
}

fn finding(kind: &str, message: Text) -> Finding {
    let help = Text::new("correct the statement or what contradicts it", "请更正该语句，或更正与之矛盾的内容");
    Finding::new(Rule::Contradiction, kind, message, help)
}

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Up to five names and how many more.
fn names(records: &[&DeclaredSdk]) -> Text {
    const SHOWN: usize = 5;
    let shown = |separator: &str| records.iter().take(SHOWN).map(|r| r.title()).collect::<Vec<_>>().join(separator);
    match records.len().saturating_sub(SHOWN) {
        0 => Text::new(shown(", "), shown("、")),
        more => {
            Text::new(format!("{} and {more} more", shown(", ")), format!("{}等 {} 个", shown("、"), records.len()))
        }
    }
}

/// A record says that its data stays on the device.
fn local_only(paper: &Paper<'_>, record: &DeclaredSdk, sink: &mut Sink<'_>) {
    const STAYS: [&str; 14] = [
        "local collection, does not involve data sharing",
        "processed locally only",
        "only processed locally",
        "processed only on the device",
        "stays on the device",
        "does not leave the device",
        "does not upload",
        "is not uploaded",
        "not be uploaded",
        "本机采集，不涉及数据共享",
        "仅在本地",
        "只在本地",
        "不上传",
        "不会上传",
    ];
    let fields = [&record.method, &record.data, &record.purpose];
    // "Of these, the carrier is not uploaded" speaks of a part.
    let whole = |text: &str| has(text, &STAYS) && !has(text, &["其中", "of which", "of these", "among them"]);
    let said = fields.into_iter().filter_map(Field::given).find(|field| whole(&field.text.to_lowercase()));
    let Some(said) = said else { return };
    let Some((severity, why)) = sends(paper, record, said) else { return };
    let name = record.title();
    let message = Text::new(
        format!("the record \"{name}\" says that data stays on the device, but {}", why.en),
        format!("条目“{name}”称数据仅在本地，而{}", why.zh),
    );
    let subject = format!("local-only/{}", paper.subject(record));
    sink.emit(finding(&subject, message).severity(severity).declared(paper.located(said)));
}

/// What speaks against it: the purpose, statistics that the prose tells of, or transmission in the record itself.
fn sends(paper: &Paper<'_>, record: &DeclaredSdk, said: &Located) -> Option<(Severity, Text)> {
    const REMOTE: [Category; 6] = [
        Category::Push,
        Category::Analytics,
        Category::Advertising,
        Category::Attribution,
        Category::CrashReporting,
        Category::Payment,
    ];
    let sdk = paper.sdk(record);
    if let Some(category) = sdk.and_then(|sdk| sdk.categories.iter().find(|category| REMOTE.contains(category))) {
        let (en, zh) = category.label();
        return Some((Severity::Error, Text::new(format!("its purpose is {en}"), format!("其用途是{zh}"))));
    }
    let statistics = paper.prose().find(|sentence| {
        let text = sentence.text.to_lowercase();
        has(&text, &["statistical analysis", "statistics", "analytics", "统计分析", "数据统计"])
            && has(&text, &["collect", "采集", "收集"])
            && names_it(&text, record, sdk)
    });
    if let Some(sentence) = statistics {
        let line = paper.declaration.line_label(sentence.at.line);
        return Some((
            Severity::Error,
            Text::new(
                format!("{} says that it collects data for statistics", line.en),
                format!("{}称其收集数据用于统计", line.zh),
            ),
        ));
    }
    let transmits = |text: &str| {
        has(text, &["encrypted transmission", "transmitted encrypted", "encrypted during transmission", "加密传输"])
            && !has(text, &["not transmit", "no transmission", "不传输"])
    };
    let line = record.lines().find(|line| *line != said.at.line && transmits(&paper.line(*line).to_lowercase()))?;
    let line = paper.declaration.line_label(line);
    Some((
        Severity::Warning,
        Text::new(format!("{} says how it is transmitted", line.en), format!("{}又写明了传输方式", line.zh)),
    ))
}

/// Whether a sentence names the record, its SDK or its vendor; `text` is in lower case.
fn names_it(text: &str, record: &DeclaredSdk, sdk: Option<&Sdk>) -> bool {
    const SHORTEST: usize = 4;
    let written = [&record.name, &record.vendor].into_iter().filter_map(Field::given).map(|field| field.text.as_str());
    let known = sdk
        .into_iter()
        .flat_map(|sdk| [&sdk.name.en, &sdk.name.zh].into_iter().chain(&sdk.aliases).map(String::as_str));
    let mut names = written.chain(known).map(str::to_lowercase);
    names.any(|name| name.chars().count() >= SHORTEST && text.contains(&name))
}

/// "None" as data, and a purpose that names what is read.
fn none_but_data(paper: &Paper<'_>, record: &DeclaredSdk, sink: &mut Sink<'_>) {
    if let Some(data) = record.data.given() {
        return none_among_data(paper, record, data, sink);
    }
    let Field::ExplicitNone(at) = &record.data else { return };
    let Some(purpose) = record.purpose.given() else { return };
    let text = purpose.text.to_lowercase();
    const READS: [&str; 10] = ["obtain", "collect", "read", "get ", "获取", "收集", "读取", "采集", "upload", "上传"];
    let Some(verb) = READS.iter().filter_map(|verb| text.find(verb)).min() else { return };
    let behind = purpose.text.get(verb..).unwrap_or_default();
    const IDENTIFIERS: [&str; 12] = [
        "android_id",
        "call_log",
        "contacts",
        "gaid",
        "iccid",
        "imei",
        "imsi",
        "location",
        "mac",
        "meid",
        "oaid",
        "serial",
    ];
    let named = words::types_in(behind);
    let Some(id) = IDENTIFIERS.into_iter().find(|id| named.contains(id)) else { return };
    let (name, label) = (record.title(), crate::platform::data_types::label(id));
    let message = Text::new(
        format!("the record \"{name}\" gives no data, and its purpose is to read {}", label.en),
        format!("条目“{name}”的信息范围为无，而目的中写有获取{}", label.zh),
    );
    let subject = format!("none-but-data/{}", paper.subject(record));
    sink.emit(finding(&subject, message).declared(paper.at(*at, &purpose.text)));
}

/// "None, IMEI": nothing, and something.
fn none_among_data(paper: &Paper<'_>, record: &DeclaredSdk, data: &Located, sink: &mut Sink<'_>) {
    let none = |part: &&str| data_types::none_words().iter().any(|word| word.eq_ignore_ascii_case(part));
    let (nothing, rest): (Vec<&str>, Vec<&str>) = words::parts(&data.text).partition(none);
    let named: Vec<&str> = rest.into_iter().filter(|part| !words::types_in(part).is_empty()).collect();
    let (Some(none), Some(first)) = (nothing.first(), named.first()) else { return };
    let name = record.title();
    let message = Text::new(
        format!("the record \"{name}\" says both \"{none}\" and \"{first}\""),
        format!("条目“{name}”同时写了“{none}”和“{first}”"),
    );
    let subject = format!("none-but-data/{}", paper.subject(record));
    sink.emit(finding(&subject, message).declared(paper.located(data)));
}

/// "No third-party SDK" above a list of them.
fn denied_list(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let records: Vec<&DeclaredSdk> = paper.declaration.records.iter().collect();
    for statement in &paper.declaration.statements {
        let text = statement.quote.text.to_lowercase();
        // "除下列 SDK 外，没有其他第三方 SDK": none but those of the list.
        let of_others = has_exceptions(&text) || has(&text, &["other third", "other sdk", "其他", "其它"]);
        if statement.kind != StatementKind::NoThirdPartySdk || records.is_empty() || of_others {
            continue;
        }
        let listed = names(&records);
        let message = Text::new(
            format!("the policy says that there is no third-party SDK, and lists {}", listed.en),
            format!("政策称没有第三方 SDK，又列出了{}", listed.zh),
        );
        sink.emit(finding("no-third-party-sdk", message).declared(paper.located(&statement.quote)));
    }
}

/// Records whose SDK's purpose is to handle personal data, and that say which.
fn receivers<'a>(paper: &Paper<'a>) -> Vec<&'a DeclaredSdk> {
    const STAYS: [&str; 4] = ["local", "本地", "本机", "not upload"];
    let records = paper.declaration.records.iter();
    let stays = |record: &DeclaredSdk| record.method.given().is_some_and(|text| has(&text.text.to_lowercase(), &STAYS));
    records
        .filter(|record| record.data.given().is_some() && !stays(record))
        .filter(|record| paper.sdk(record).is_some_and(Sdk::handles_personal_data))
        .collect()
}

/// What makes a sentence speak of a case and not of all.
fn is_conditional(text: &str) -> bool {
    const CASES: [&str; 26] = [
        "without your",
        "unless",
        "if you",
        "if we",
        "when you",
        "until you",
        "child",
        "minor",
        "under 1",
        "irrelevant",
        "sensitive",
        "未经",
        "未征得",
        "未获",
        "除非",
        "如果",
        "若您",
        "如您",
        "儿童",
        "未成年",
        "未满",
        "不满",
        "无关",
        "敏感",
        "之前",
        "拒绝",
    ];
    has(text, &CASES)
}

fn has_exceptions(text: &str) -> bool {
    has(
        text,
        &[
            "except",
            "other than",
            "following situations",
            "除外",
            "以下情况",
            "下列情",
            "以下情形",
            "除以下",
            "除下列",
            "除了",
        ],
    )
}

/// "We will not share your information with any company" above records that receive it.
fn no_sharing(paper: &Paper<'_>, sentence: &Sentence, sink: &mut Sink<'_>) {
    let text = sentence.text.to_lowercase();
    let english =
        has(&text, &["we will not share", "we do not share", "we never share", "we won't share", "we don't share"])
            && has(
                &text,
                &["any other", "any compan", "any third", "third part", "anyone", "any organi", "with others"],
            )
            && has(&text, &["information", "data"]);
    let chinese = has(&text, &["不会与任何", "不与任何", "不会向任何", "不会同任何", "不会和任何"])
        && has(&text, &["共享", "分享"])
        && has(&text, &["信息", "数据"]);
    if !(english || chinese) || is_conditional(&text) {
        return;
    }
    let receivers = receivers(paper);
    if receivers.is_empty() {
        return;
    }
    let listed = names(&receivers);
    let excepted = has_exceptions(&text);
    // Exceptions that name SDKs cover the list; others leave open which of them does.
    if excepted && exceptions(paper, sentence).to_lowercase().contains("sdk") {
        return;
    }
    let finding = if excepted {
        finding(
            "no-sharing",
            Text::new(
                format!(
                    "nothing is shared but in named cases, none of which names the SDKs that receive data: {}",
                    listed.en
                ),
                format!("称除所列情形外不共享信息，而所列情形均未写明接收数据的 SDK：{}", listed.zh),
            ),
        )
        .severity(Severity::Note)
    } else {
        finding(
            "no-sharing",
            Text::new(
                format!("the policy says that nothing is shared, and lists recipients of data: {}", listed.en),
                format!("政策称不共享信息，又列出了接收数据的 SDK：{}", listed.zh),
            ),
        )
    };
    sink.emit(finding.declared(paper.sentence(sentence)));
}

/// The sentence and the numbered cases that follow it.
fn exceptions(paper: &Paper<'_>, sentence: &Sentence) -> String {
    const LONGEST: u32 = 12;
    let follows = (sentence.last_line + 1..=sentence.last_line + LONGEST).map(|line| paper.line(line).trim());
    let is_item = |line: &&str| {
        line.is_empty()
            || line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '*' | '(' | '（' | '•' | '①'..='⑩'))
    };
    let cases: Vec<&str> = follows.take_while(is_item).collect();
    format!("{} {}", sentence.text, cases.join(" "))
}

/// "We do not collect any personal information" above records with data.
fn no_collection(paper: &Paper<'_>, sentence: &Sentence, sink: &mut Sink<'_>) {
    let text = sentence.text.to_lowercase();
    const SAYS: [&str; 11] = [
        "not collect any personal",
        "not collect any user",
        "not collect any information",
        "not collect personal information",
        "not collect personal data",
        "no personal information is collected",
        "no personal data is collected",
        "不收集任何个人",
        "不会收集任何个人",
        "不收集任何用户",
        "不会收集您的任何",
    ];
    if !has(&text, &SAYS) || is_conditional(&text) || has_exceptions(&text) {
        return;
    }
    let names_data =
        |record: &&DeclaredSdk| record.data.given().is_some_and(|data| !words::types_in(&data.text).is_empty());
    let records: Vec<&DeclaredSdk> = paper.declaration.records.iter().filter(names_data).collect();
    if records.is_empty() {
        return;
    }
    let listed = names(&records);
    let message = Text::new(
        format!("the policy says that nothing is collected, and lists SDKs with data: {}", listed.en),
        format!("政策称不收集信息，又列出了写有信息范围的 SDK：{}", listed.zh),
    );
    sink.emit(finding("no-collection", message).declared(paper.sentence(sentence)));
}

/// "Is never transferred abroad", "不会将您的信息传输至境外": denial, movement and the place in one clause, in this order.
fn stays_inside(text: &str) -> bool {
    /// Letters between the denial and the place.
    const NEAR: usize = 60;
    #[rustfmt::skip]
    const CLAIMS: [(&[&str], &[&str], &[&str]); 2] = [
        (&["not ", "never ", "n't "], &["transfer", "transmit", "send", "sent"], &["abroad", "overseas", "outside china", "out of china"]),
        (&["不会", "不将", "不存在", "不涉及", "没有", "不向", "绝不"], &["传输", "转移", "提供", "传送", "流动"], &["境外", "海外", "跨境"]),
    ];
    // Consent opens the way.
    if has(text, &["consent", "同意"]) {
        return false;
    }
    let says = |clause: &str, (denials, moves, places): &(&[&str], &[&str], &[&str])| {
        let Some(start) = denials.iter().filter_map(|word| clause.find(word)).min() else { return false };
        let place = places.iter().filter_map(|word| clause[start..].find(word)).min();
        has(&clause[start..], moves) && place.is_some_and(|at| clause[start..start + at].chars().count() <= NEAR)
    };
    text.split([',', '，', ';', '；']).any(|clause| CLAIMS.iter().any(|claim| says(clause, claim)))
}

/// "Without any cross-border transmission" above a recipient abroad.
fn cross_border(paper: &Paper<'_>, sentence: &Sentence, sink: &mut Sink<'_>) {
    let text = sentence.text.to_lowercase();
    const SAYS: [&str; 17] = [
        "without any cross-border",
        "without any cross border",
        "no cross-border",
        "no cross border",
        "not transferred abroad",
        "not be transferred abroad",
        "not transfer your personal information abroad",
        "not transferred overseas",
        "not be transferred overseas",
        "not leave china",
        "不存在跨境",
        "不涉及跨境",
        "不会跨境",
        "不会传输至境外",
        "不会向境外",
        "不向境外",
        "不会出境",
    ];
    if !(has(&text, &SAYS) || stays_inside(&text)) || is_conditional(&text) || has_exceptions(&text) {
        return;
    }
    let abroad: Vec<&DeclaredSdk> = receivers(paper)
        .into_iter()
        .filter(|record| paper.sdk(record).is_some_and(|sdk| vendors::is_outside_china(&sdk.id)))
        .collect();
    let Some(first) = abroad.first() else { return };
    let listed = names(&abroad);
    let message = Text::new(
        format!("the policy says that no data leaves the country, and lists vendors abroad: {}", listed.en),
        format!("政策称数据不出境，又列出了境外厂商的 SDK：{}", listed.zh),
    );
    let place = paper.declaration.line_label(first.line);
    let finding = finding("cross-border", message).detail(Text::new("record", "条目"), place);
    sink.emit(finding.declared(paper.sentence(sentence)));
}
