//! What the environment says about the terminal.

use super::args::{ColorArg, Global, LangArg};
use crate::lang::Lang;
use crate::report::screen::{DEFAULT_WIDTH, Detail, MIN_WIDTH, Screen};
use std::env;
use std::io::IsTerminal;

/// The screen of standard output.
pub fn stdout(global: &Global) -> Screen {
    let terminal = std::io::stdout().is_terminal();
    let width = terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
    Screen { color: color(global, terminal), ..base(global, width) }
}

/// The screen of standard error.
pub fn stderr(global: &Global) -> Screen {
    Screen { color: color(global, std::io::stderr().is_terminal()), ..base(global, None) }
}

fn base(global: &Global, width: Option<usize>) -> Screen {
    let detail = match (global.quiet, global.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let width = width.unwrap_or(DEFAULT_WIDTH).clamp(MIN_WIDTH, 200);
    Screen { lang: lang(global), width, color: false, unicode: is_utf8(), detail }
}

fn lang(global: &Global) -> Lang {
    match global.lang {
        Some(LangArg::En) => Lang::En,
        Some(LangArg::Zh) => Lang::Zh,
        None => locale("LC_MESSAGES").map_or(Lang::En, |locale| Lang::from_locale(&locale)),
    }
}

/// The locale of a category, as POSIX orders it: `LC_ALL`, the category, `LANG`; an empty value does not count.
fn locale(category: &str) -> Option<String> {
    ["LC_ALL", category, "LANG"].into_iter().filter_map(|name| env::var(name).ok()).find(|value| !value.is_empty())
}

fn is_utf8() -> bool {
    if cfg!(windows) {
        return true;
    }
    let charset = locale("LC_CTYPE").unwrap_or_default().to_ascii_lowercase();
    charset.contains("utf-8") || charset.contains("utf8")
}

/// <https://no-color.org> and <https://bixense.com/clicolors>: the option wins, then `NO_COLOR`, then `CLICOLOR_FORCE`.
fn color(global: &Global, terminal: bool) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    match global.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto if set("NO_COLOR") => false,
        ColorArg::Auto if set("CLICOLOR_FORCE") && env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0") => {
            true
        }
        ColorArg::Auto => terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}
