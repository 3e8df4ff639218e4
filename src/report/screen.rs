//! The surface that text is printed on: width, colour, borders, language.

use crate::audit::Severity;
use crate::lang::Lang;

/// What a text report needs to know of the terminal. Made once, in the command line.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Language of messages.
    pub lang: Lang,
    /// Columns.
    pub width: usize,
    /// Whether ANSI colours are written. Colour never carries meaning alone.
    pub color: bool,
    /// Whether the locale is UTF-8; else borders are ASCII.
    pub unicode: bool,
    /// How much is printed.
    pub detail: Detail,
}

/// How much is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The summary line only.
    Quiet,
    /// Findings with the first lines of their evidence.
    #[default]
    Normal,
    /// All evidence, nothing folded.
    Verbose,
}

/// Width where there is no terminal.
pub const DEFAULT_WIDTH: usize = 100;
/// Narrower terminals are written as if they had this width.
pub const MIN_WIDTH: usize = 40;

impl Screen {
    /// Bold text.
    pub fn bold(&self, text: &str) -> String {
        self.paint(anstyle::Style::new().bold(), text)
    }

    /// Text in the colour of a severity.
    pub fn severity(&self, severity: Severity, text: &str) -> String {
        let color = match severity {
            Severity::Error => anstyle::AnsiColor::Red,
            Severity::Warning => anstyle::AnsiColor::Yellow,
            Severity::Note => anstyle::AnsiColor::Cyan,
        };
        self.paint(color.on_default().bold(), text)
    }

    /// Less important text.
    pub fn dim(&self, text: &str) -> String {
        self.paint(anstyle::Style::new().dimmed(), text)
    }

    fn paint(&self, style: anstyle::Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
