//! Links of a page.

use super::{Link, Walker};
use html5gum::StartTag;
use std::borrow::Cow;

impl Walker<'_, '_> {
    pub(super) fn start_link(&mut self, tag: &StartTag<usize>, attribute: &[u8]) {
        self.end_link();
        let Some(href) = tag.attributes.get(attribute) else { return };
        let target = String::from_utf8_lossy(&href.value).trim().to_owned();
        let lower = target.to_ascii_lowercase();
        if !["http://", "https://", "www."].iter().any(|start| lower.starts_with(start)) {
            return;
        }
        let span = self.base + href.span.start..self.base + href.span.end;
        let raw = self.source.slice(&span);
        // The span begins at the attribute's name.
        let value = raw.find('=').map_or(0, |equals| {
            let rest = &raw[equals + 1..];
            equals + 1 + (rest.len() - rest.trim_start_matches([' ', '\n', '\r', '\t', '"', '\'']).len())
        });
        let start = span.start + value;
        let length = if self.source.text.get(start..).is_some_and(|text| text.starts_with(&target)) {
            target.len()
        } else {
            span.end.saturating_sub(start)
        };
        self.link = Some(Link { target, at: start..start + length, mark: self.out.mark(), line: self.out.len() });
    }

    pub(super) fn end_link(&mut self) {
        let Some(link) = self.link.take() else { return };
        let same_line = link.line == self.out.len();
        let words = if same_line { self.out.words_since(link.mark) } else { String::new() };
        let words = words.trim();
        let bare = |text: &str| text.trim_end_matches('/').to_owned();
        if !words.is_empty() && bare(words) == bare(&link.target) {
            return;
        }
        if words.is_empty() || words.contains(['[', ']']) || words.len() > 400 {
            // No words to hang it on: the address itself stands there.
            if same_line && words.is_empty() && self.out.in_line() || !words.is_empty() {
                self.out.glue(" ", link.at.start);
                self.out.words(link.at, false);
            }
            return;
        }
        self.out.link(link.mark, Cow::Owned(link.target), link.at);
    }
}
