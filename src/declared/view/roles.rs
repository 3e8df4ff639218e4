//! Elements that are a table's parts by their `role` only, and buttons that are titles.

use html5gum::StartTag;

/// What an element is in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Table,
    Row,
    Cell,
}

/// Most elements around a place that are kept apart.
const MAX_DEPTH: usize = 512;

/// The open elements that may have a role.
#[derive(Default)]
pub(super) struct Roles {
    open: Vec<(String, Option<Role>)>,
}

impl Roles {
    /// For a page that has tables made of other elements.
    pub fn of(text: &str) -> Option<Roles> {
        memchr::memmem::find(text.as_bytes(), b"role=\"row\"")
            .or_else(|| memchr::memmem::find(text.as_bytes(), b"role='row'"))
            .or_else(|| memchr::memmem::find(text.as_bytes(), b"role=row"))
            .map(|_| Roles::default())
    }

    /// Takes in a start tag; its role, when it has one here.
    pub fn open(&mut self, name: &str, tag: &StartTag<usize>) -> Option<Role> {
        if !is_neutral(name) || tag.self_closing || self.open.len() >= MAX_DEPTH {
            return None;
        }
        let role = tag.attributes.get(&b"role"[..]).and_then(|role| match role.value.as_slice() {
            b"table" | b"grid" | b"treegrid" => Some(Role::Table),
            b"row" => Some(Role::Row),
            b"cell" | b"gridcell" | b"columnheader" | b"rowheader" => Some(Role::Cell),
            _ => None,
        });
        let in_table = || self.open.iter().any(|(_, role)| *role == Some(Role::Table));
        let role = role.filter(|role| *role == Role::Table || in_table());
        self.open.push((name.to_owned(), role));
        role
    }

    /// Takes in an end tag; the roles that end with it, innermost first, when there are any.
    pub fn close(&mut self, name: &str) -> Option<Vec<Role>> {
        if !is_neutral(name) {
            return None;
        }
        let at = self.open.iter().rposition(|(open, _)| open == name)?;
        let ended: Vec<Role> = self.open.drain(at..).rev().filter_map(|(_, role)| role).collect();
        (!ended.is_empty()).then_some(ended)
    }
}

fn is_neutral(name: &str) -> bool {
    matches!(name, "div" | "span" | "section" | "ul" | "li" | "p")
}

/// Whether a button shows and hides a part of the page: its words are the title of that part.
pub(super) fn opens_a_panel(tag: &StartTag<usize>) -> bool {
    const MARKS: [&[u8]; 4] = [b"aria-expanded", b"data-bs-toggle", b"data-toggle", b"aria-controls"];
    let class =
        tag.attributes.get(&b"class"[..]).map(|class| String::from_utf8_lossy(&class.value).to_ascii_lowercase());
    let role = tag.attributes.get(&b"role"[..]).is_some_and(|role| role.value.as_slice() == b"tab");
    role || class.is_some_and(|class| class.contains("accordion") || class.contains("collapsible"))
        || MARKS.iter().any(|mark| tag.attributes.contains_key(*mark))
}
