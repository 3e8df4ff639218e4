//! What a line says about the lines below it: section headings, announcements of lists, titles of records.

use super::line::Line;
use super::source::Source;
use super::title::vendor_behind;
use super::value;
use std::ops::Range;

/// Lines of prose after which an announcement or a record no longer reaches.
pub(super) const MAX_PROSE: usize = 8;

/// What the headings above say.
#[derive(Default)]
pub(super) struct Section {
    /// Markdown headings in force: level, whether they speak of SDKs, operating system.
    headings: Vec<(u8, bool, Option<Range<usize>>)>,
    /// Company that a heading in force names, and its level.
    company: Option<(u8, Range<usize>)>,
    /// Number of the line that announced the list: the next one like it begins another part.
    announcer: Option<super::line::Numbering>,
    /// Lines since a sentence that announces a list of SDKs.
    announced: Option<usize>,
    platform: Option<Range<usize>>,
    /// The document as a whole is a list of SDKs.
    whole: bool,
}

impl Section {
    /// Before the first line. "Third-Party SDK Notice" as the title of a document makes all of it a list.
    pub fn new(source: &Source, lines: &[Line]) -> Section {
        const TITLE_LINES: usize = 3;
        let first: Vec<&Line> = lines.iter().filter(|line| !line.is_blank()).take(TITLE_LINES).collect();
        // A heading below another one is the title of a part.
        let top = first.iter().map(|line| line.heading).filter(|level| *level > 0).min().unwrap_or(0);
        let titles = first.into_iter().filter(|line| line.heading <= top && is_title(source, line, false));
        let whole = titles.map(|line| source.slice(&line.body)).any(|text| {
            let lower = text.to_lowercase();
            let policy = ["privacy", "隐私"].iter().any(|word| lower.contains(word));
            let listing = ["third", "第三方", "list", "清单", "目录"].iter().any(|word| lower.contains(word));
            mentions_sdk(text) && listing && !policy
        });
        Section { whole, ..Section::default() }
    }

    /// Takes in a line that has no label.
    pub fn read(&mut self, source: &Source, line: &Line) {
        let text = source.slice(&line.body);
        if line.heading > 0 {
            while self.headings.last().is_some_and(|(level, ..)| *level >= line.heading) {
                self.headings.pop();
            }
            let speaks = mentions_sdk(text) || mentions_third_party(text);
            self.company = self.company.take().filter(|(level, _)| *level < line.heading);
            if super::title::is_company(&value::plain(text)) {
                self.company = Some((line.heading, line.body.clone()));
            }
            self.headings.push((line.heading, speaks, platform(source, line)));
            (self.announced, self.platform) = (None, None);
            return;
        }
        // "五、…" begins another part of the policy; items of a list are numbered otherwise.
        let next_part =
            line.number.is_some() && line.number == self.announcer && !line.bullet && is_title(source, line, true);
        if next_part || line.number.is_some_and(|number| number.style == '一') {
            (self.announced, self.platform) = (None, None);
        }
        let announces = mentions_sdk(text)
            && (text.trim_end().ends_with([':', '：']) || announces_list(text) || is_title(source, line, true));
        self.announced =
            if announces { Some(0) } else { self.announced.map(|lines| lines + 1).filter(|lines| *lines <= MAX_PROSE) };
        if announces {
            self.announcer = line.number;
            self.platform = platform(source, line);
        }
    }

    /// One record of an announced list vouches for the next.
    pub fn goes_on(&mut self) {
        self.announced = self.announced.map(|_| 0);
    }

    /// Whether a list of SDKs is announced here.
    pub fn lists_sdks(&self) -> bool {
        self.whole || self.announced.is_some() || self.headings.iter().any(|(_, speaks, _)| *speaks)
    }

    /// Company that the headings above name.
    pub fn company(&self) -> Option<Range<usize>> {
        self.company.as_ref().map(|(_, range)| range.clone())
    }

    /// Operating system that the section is for.
    pub fn platform(&self) -> Option<Range<usize>> {
        self.platform.clone().or_else(|| self.headings.iter().rev().find_map(|(.., platform)| platform.clone()))
    }
}

/// Whether text speaks of an SDK, as a word.
pub(super) fn mentions_sdk(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("sdk")
        || lower.contains("software development kit")
        || text.contains("软件开发包")
        || text.contains("软件工具开发包")
}

fn mentions_third_party(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let foreign = lower.contains("third-party") || lower.contains("third party") || text.contains("第三方");
    let parts = ["librar", "service", "component", "list", "清单", "目录", "列表", "插件", "组件", "信息共享"];
    foreign && parts.iter().any(|part| lower.contains(part))
}

fn announces_list(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["following", "listed below", "如下", "以下", "目录", "清单", "列表"].iter().any(|word| lower.contains(word))
}

/// The line, when it names exactly one operating system and speaks of SDKs or ends of a product ("Android端").
pub(super) fn platform(source: &Source, line: &Line) -> Option<Range<usize>> {
    if line.heading == 0 && !mentions_sdk(source.slice(&line.body)) {
        return None;
    }
    system(source, &line.body)
}

/// The operating system that the title of a record names apart from the name: "微信SDK（Android）", "Android端 微信SDK". In "Stripe
/// Android SDK" it is a part of the name.
pub(super) fn title_platform(source: &Source, line: &Line) -> Option<Range<usize>> {
    let word = platform(source, line)?;
    let (before, behind) = (source.slice(&(line.body.start..word.start)), source.slice(&(word.end..line.body.end)));
    let ends = ["端", "版", "系统", "平台", "手机"].iter().any(|end| behind.trim_start().starts_with(end));
    let bracketed = before.trim_end().ends_with(['(', '（', '【', '[', '-', '/', '仅'])
        || before.trim_end().to_lowercase().ends_with("for");
    let alone = before.trim().is_empty() && behind.trim_matches([':', '：', ' ']).is_empty();
    (ends || bracketed || alone).then_some(word)
}

/// The word for an operating system in a short text that names exactly one.
pub(super) fn system(source: &Source, range: &Range<usize>) -> Option<Range<usize>> {
    let whole = source.slice(range);
    if whole.chars().nth(super::labels::MAX_LABEL).is_some() {
        return None;
    }
    let text = whole.to_lowercase();
    let systems: [&[&str]; 3] = [&["android", "安卓"], &["ios", "苹果"], &["harmonyos", "鸿蒙"]];
    let named: Vec<&&str> =
        systems.iter().filter_map(|words| words.iter().find(|word| text.contains(**word))).collect();
    let word = if named.len() == 1 { named.first()? } else { return None };
    // "cn.jpush.android" is a package, not a system.
    let in_name = |at: &usize| text[..*at].ends_with('.') || text[*at + word.len()..].starts_with('.');
    let at = text.match_indices(**word).map(|(at, _)| at).find(|at| !in_name(at))?;
    // Lower-casing kept the length unless exotic letters stand there; then the whole line is the place.
    let same = text.len() == whole.len();
    Some(if same { range.start + at..range.start + at + word.len() } else { range.clone() })
}

/// Whether a line without label may name a record. `strict`: a bare line must be short.
pub(super) fn is_title(source: &Source, line: &Line, strict: bool) -> bool {
    let text = value::plain(source.slice(&line.body));
    let text = text.trim_end_matches(['：', ':']);
    // "Acme Push – Acme Ltd.": the full stop is the company's.
    let text = vendor_behind(text).map_or(text, |(end, _)| text[..end].trim_end());
    let limit = if line.is_marked() && !strict { 60 } else { 40 };
    let outside = outside_brackets(text);
    let sentence = outside.contains(['，', '。', '；', ';', '？', '?', '！'])
        || outside.contains(", ")
        || outside.ends_with('.')
        || outside.contains(". ");
    const SPEAKERS: &[&str] =
        &["我们", "您", "你", "如果", "为了", "本应用", "如您", "we ", "you ", "if ", "to ", "this ", "http"];
    let lower = text.to_lowercase();
    let link_only = text.contains("://");
    !text.is_empty()
        && text.chars().nth(limit).is_none()
        && !sentence
        && !link_only
        && text.chars().any(char::is_alphabetic)
        && !SPEAKERS.iter().any(|speaker| lower.starts_with(speaker))
}

fn outside_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' | '（' | '《' | '“' => depth += 1,
            ')' | '）' | '》' | '”' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}
