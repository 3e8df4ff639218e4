//! Annotations of GitHub Actions: one workflow command a line, which the runner shows beside the lines of the policy.
//!
//! The form is that of the runner's `ActionCommand`: properties escape `%`, CR, LF, `:` and `,`, the message `%`, CR and LF. Nothing that
//! stands in an app or a policy can therefore end a line and begin a command of its own.

use super::format::{Review, Subject};
use super::layout::plain;
use super::place::Place;
use crate::audit::{Finding, Severity};
use crate::lang::Lang;
use std::fmt::Write;
use std::path::Path;

/// The findings as annotations, worst first as in every report; then the inputs that could not be read.
pub fn report(review: &Review<'_>, root: &Path, lang: Lang) -> String {
    let mut out = String::new();
    for subject in &review.subjects {
        // What somebody has accepted needs no mark beside the line.
        for finding in subject.findings.iter().filter(|finding| finding.waiver.is_none()) {
            let _ = writeln!(out, "{}", annotation(finding, subject, root, lang));
        }
    }
    for error in review.errors {
        let properties = format!("title={}", property("sdkaudit"));
        let help = error.help.get(lang);
        let text = format!("{}{}{help}", error.headline(lang), if help.is_empty() { "" } else { "\n" });
        let _ = writeln!(out, "::error {properties}::{}", message(&text));
    }
    out
}

fn annotation(finding: &Finding, subject: &Subject<'_>, root: &Path, lang: Lang) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let at = subject.place_of(finding).map(|(document, at)| {
        let file = property(&Place::of(document, root).path);
        format!("file={file},line={},col={},", at.line, at.column)
    });
    let text = format!("{}\n{}\n{}", finding.message.get(lang), finding.help.get(lang), subject.path());
    format!("::{command} {}title={}::{}", at.unwrap_or_default(), property(finding.rule.id()), message(&text))
}

fn message(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(plain).collect();
    lines.join("\n").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_line_or_the_property() {
        assert_eq!(message("50% a\nb: c,"), "50%25 a%0Ab: c,");
        assert_eq!(property("a:b,c\n::error::x"), "a%3Ab%2Cc%0A%3A%3Aerror%3A%3Ax");
        assert_eq!(message("a\r::stop-commands::x"), "a\\u{d}::stop-commands::x");
    }
}
