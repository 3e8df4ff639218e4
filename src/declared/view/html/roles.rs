//! What attributes say of an element: tables built of other elements, marks beside names, titles of components.

use html5gum::StartTag;

/// The element of a table that an element stands for (<https://www.w3.org/TR/wai-aria-1.2/#table>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Table,
    Row,
    Cell,
}

/// Open elements with a role: name, elements of the same name inside, role.
#[derive(Default)]
pub struct Roles(Vec<(String, usize, Role)>);

impl Roles {
    /// The role of an element that begins; elements of the same name as an open one are counted.
    pub fn start(&mut self, name: &str, tag: &StartTag<usize>) -> Option<Role> {
        const DEEPEST: usize = 64;
        let role = match text(tag, b"role")?.as_str() {
            "table" | "grid" | "treegrid" => Role::Table,
            "row" => Role::Row,
            "cell" | "gridcell" | "columnheader" | "rowheader" => Role::Cell,
            _ => return None,
        };
        let built_in = matches!(name, "table" | "tr" | "td" | "th" | "tbody" | "thead");
        if built_in || tag.self_closing || self.0.len() >= DEEPEST {
            return None;
        }
        self.0.push((name.to_owned(), 0, role));
        Some(role)
    }

    /// An element without a role begins.
    pub fn nested(&mut self, name: &str) {
        if let Some((own, inside, _)) = self.0.last_mut()
            && own == name
        {
            *inside += 1;
        }
    }

    /// The role that ends with an element.
    pub fn end(&mut self, name: &str) -> Option<Role> {
        let (own, inside, role) = self.0.last_mut()?;
        if own != name {
            return None;
        }
        if *inside > 0 {
            *inside -= 1;
            return None;
        }
        let role = *role;
        self.0.pop();
        Some(role)
    }
}

/// Whether an element holds a mark beside the words: a badge, a note's number, words for screen readers only.
pub fn is_mark(name: &str, tag: &StartTag<usize>) -> bool {
    #[rustfmt::skip]
    const CLASSES: [&str; 8] = ["badge", "chip", "pill", "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only"];
    let classes = || text(tag, b"class").unwrap_or_default();
    name == "sup"
        || matches!(name, "span" | "small" | "i" | "em" | "div")
            && classes().split_whitespace().any(|class| CLASSES.contains(&class))
}

/// Whether a button opens a part of the page that it names.
pub fn opens_a_part(tag: &StartTag<usize>) -> bool {
    let names: [&[u8]; 4] = [b"aria-expanded", b"aria-controls", b"data-toggle", b"data-bs-toggle"];
    names.iter().any(|name| tag.attributes.contains_key(*name))
}

fn text(tag: &StartTag<usize>, name: &[u8]) -> Option<String> {
    let value = tag.attributes.get(name)?;
    Some(String::from_utf8_lossy(&value.value).trim().to_ascii_lowercase())
}
