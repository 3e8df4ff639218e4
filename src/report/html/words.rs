//! Both languages of a text in one page, and text from outside.

use crate::lang::Text;
use crate::report::layout::plain;
use maud::{Markup, html};
use std::fmt::Display;

/// A text of our own in both languages; the page shows one.
pub fn t(en: impl Display, zh: impl Display) -> Markup {
    html! { span.en lang="en" { (en.to_string()) } span.zh lang="zh-CN" { (zh.to_string()) } }
}

/// A message in both languages, which may quote an app or a policy.
pub fn text(text: &Text) -> Markup {
    let (en, zh) = (plain(&text.en), plain(&text.zh));
    html! { @if en == zh { bdi { (en) } } @else { (t(en, zh)) } }
}

/// Text from an app or a policy: control characters made visible, writing direction kept to itself.
pub fn foreign(text: &str) -> Markup {
    html! { bdi { (plain(text)) } }
}

/// The same as code.
pub fn code(text: &str) -> Markup {
    html! { code { (foreign(text)) } }
}
