//! Text keeps to the screen: no line wider than the terminal, in either language, and nothing but ASCII in frames where the locale is not UTF-8.
//!
//! The program has no option for its width, and `COLUMNS` is not exported by shells, so the library is asked.

mod support;

use sdkaudit::app;
use sdkaudit::audit::{self, Levels, Severity};
use sdkaudit::declared;
use sdkaudit::detect::{self, Inventory};
use sdkaudit::error::Error;
use sdkaudit::lang::{Lang, Text};
use sdkaudit::report::{AppReport, Report, Screen, Stamp, screen::Detail, text};
use sdkaudit::signatures::SignatureSet;
use support::run::root;
use unicode_width::UnicodeWidthStr;

const EXTRAS: text::Extras = text::Extras { unmatched: true, references: true };

fn screen(lang: Lang, width: usize) -> Screen {
    Screen { lang, width, color: false, unicode: true, detail: Detail::Normal }
}

/// Calls `print` with the audit of the sample app against a policy.
fn with_report<T>(policy: &str, print: impl Fn(&Report<'_>) -> T) -> T {
    let set = SignatureSet::builtin();
    let app = app::read(
        &root().join("samples/meterpay.apk"),
        app::Options { wanted: Some(&detect::wanted()), ..app::Options::default() },
    )
    .unwrap_or_else(|e| panic!("{e}"));
    let bytes = std::fs::read(root().join("samples").join(policy)).expect("sample policy");
    let declaration = declared::read(policy, &bytes, set).unwrap_or_else(|error| panic!("{error}"));
    let inventory = Inventory::of(&app, set);
    let audit = audit::audit(&app, &inventory, &declaration, set, &Levels::default());
    let stamp = Stamp::new(set, Some(&declaration), None);
    let apps = vec![AppReport { app, inventory, audit }];
    print(&Report { stamp, declaration: Some(&declaration), apps, errors: Vec::new() })
}

fn too_wide(text: &str, width: usize) -> Vec<String> {
    text.lines().filter(|line| line.width() > width).map(|line| format!("{}: {line}", line.width())).collect()
}

/// Without the summary, which stays one line so that it survives `tail -1`.
fn body(text: &str) -> &str {
    text.trim_end().rfind('\n').map_or("", |end| &text[..end])
}

#[test]
fn no_line_is_wider_than_the_screen() {
    for (policy, lang) in [("meterpay-policy.md", Lang::En), ("meterpay-policy.zh.md", Lang::Zh)] {
        with_report(policy, |report| {
            for width in [40, 41, 60, 79, 100, 200] {
                for detail in [Detail::Quiet, Detail::Normal, Detail::Verbose] {
                    let screen = Screen { detail, ..screen(lang, width) };
                    let printed =
                        [text::audit(report, Some(Severity::Error), &screen), text::inspect(report, EXTRAS, &screen)];
                    let wide: Vec<String> = printed.iter().flat_map(|text| too_wide(body(text), width)).collect();
                    assert!(wide.is_empty(), "{lang:?}, {width} columns, {detail:?}\n{}", wide.join("\n"));
                }
            }
        });
    }
}

#[test]
fn a_narrow_screen_tells_as_much_as_a_wide_one() {
    with_report("meterpay-policy.md", |report| {
        let words = |width: usize| -> Vec<String> {
            let printed = text::audit(report, Some(Severity::Error), &screen(Lang::En, width));
            let mut words: Vec<String> =
                printed.split_whitespace().filter(|word| word.len() < 25).map(str::to_owned).collect();
            words.sort();
            words.dedup();
            words
        };
        let (narrow, wide) = (words(40), words(200));
        let lost: Vec<&String> = wide.iter().filter(|word| !narrow.contains(word)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    });
}

#[test]
fn tables_of_policies_fit_too() {
    let set = SignatureSet::builtin();
    for (policy, lang) in [("meterpay-policy.md", Lang::En), ("meterpay-policy.zh.md", Lang::Zh)] {
        let bytes = std::fs::read(root().join("samples").join(policy)).expect("sample policy");
        let declarations = [declared::read(policy, &bytes, set).unwrap_or_else(|error| panic!("{error}"))];
        for width in [40, 60, 79, 100] {
            let printed = text::declared(&declarations, &screen(lang, width));
            let wide = too_wide(&printed, width);
            assert!(wide.is_empty(), "{lang:?}, {width} columns\n{}", wide.join("\n"));
        }
    }
}

#[test]
fn frames_are_ascii_where_the_locale_is_not_utf8() {
    with_report("meterpay-policy.md", |report| {
        let printed = text::inspect(report, EXTRAS, &Screen { unicode: false, ..screen(Lang::En, 100) });
        assert!(printed.is_ascii() && printed.contains("+---"), "{printed}");
        let unicode = text::inspect(report, EXTRAS, &screen(Lang::En, 100));
        assert!(!unicode.is_ascii() && !unicode.contains("+---"), "{unicode}");
    });
}

#[test]
fn colour_adds_nothing_but_escapes() {
    with_report("meterpay-policy.md", |report| {
        let plain = text::audit(report, Some(Severity::Error), &screen(Lang::En, 100));
        let coloured = text::audit(report, Some(Severity::Error), &Screen { color: true, ..screen(Lang::En, 100) });
        assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
        let mut stripped = String::new();
        for (at, piece) in coloured.split('\u{1b}').enumerate() {
            stripped += if at == 0 { piece } else { piece.split_once('m').expect("an escape ends").1 };
        }
        assert_eq!(stripped, plain);
    });
}

#[test]
fn the_last_line_is_the_summary() {
    with_report("meterpay-policy.md", |report| {
        for detail in [Detail::Quiet, Detail::Normal, Detail::Verbose] {
            let printed = text::audit(report, Some(Severity::Error), &Screen { detail, ..screen(Lang::En, 100) });
            assert_eq!(printed.lines().last(), Some("failed: 1 app, 6 errors, 16 warnings, 11 notes"));
        }
    });
}

#[test]
fn names_from_files_cannot_steer_the_terminal() {
    let hostile = "a\u{1b}[2J\u{202e}b.apk";
    let error = Error::new(Text::new("fails", "失败"), Text::new("help", "建议")).in_input(hostile).in_entry("x\ry");
    let printed = text::error(&error, &screen(Lang::En, 100));
    assert!(!printed.contains(['\u{1b}', '\r', '\u{202e}']), "{printed:?}");
}
