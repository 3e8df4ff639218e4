//! What the record logic reads of a document that is not plain text: its words as lines, and the grids of its tables.
//!
//! Every format that has markup is turned into such a view once. Lines look like Markdown (headings, list items, links,
//! bold lines), because that is what the line readers know; positions always are those of the original.

pub(super) mod delimited;
pub(super) mod grid;
pub(super) mod html;
pub(super) mod markdown;
mod roles;
mod writer;

use super::Position;
use std::collections::HashMap;
use std::ops::Range;
use writer::is_zero_width;
pub(super) use writer::{Line, Writer};

/// The cells of one row, as ranges of the view.
pub(super) type Cells = Vec<Range<usize>>;

/// A document as words.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    /// The words.
    pub text: String,
    /// Where they stand in the original, ascending.
    pub spots: Vec<Spot>,
    /// Tables in document order. Their cells' words stand in `text` too.
    pub tables: Vec<Grid>,
}

/// From `at` on, the view shows what stands at `place`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// Offset in the view.
    pub at: usize,
    /// Place in the original.
    pub place: Position,
    /// Whether the letters are the original's own, so that columns count on.
    pub verbatim: bool,
}

/// A table with spanned cells spread: every row has all its columns.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    /// Part of the view that holds the table's words.
    pub range: Range<usize>,
    /// Rows of cells. A cell that spans several columns or rows stands in each of them with the same range.
    pub rows: Vec<Cells>,
}

/// Where the end tags of each name stand, found once per name: documents that never close their tags stay cheap.
#[derive(Default)]
struct EndTags {
    places: HashMap<String, Vec<usize>>,
}

impl EndTags {
    /// The first end tag of `name` at or behind `from`.
    fn next(&mut self, text: &str, name: &str, from: usize) -> Option<usize> {
        if !self.places.contains_key(name) {
            self.places.insert(name.to_owned(), end_tags(text.as_bytes(), name));
        }
        let places = self.places.get(name)?;
        places.get(places.partition_point(|place| *place < from)).copied()
    }
}

fn end_tags(text: &[u8], name: &str) -> Vec<usize> {
    let is_end = |at: &usize| {
        let rest = text.get(at + 1..).and_then(|rest| rest.strip_prefix(b"/")).unwrap_or(&[]);
        let named = rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
        named && !rest.get(name.len()).is_some_and(|byte| byte.is_ascii_alphanumeric())
    };
    memchr::memchr_iter(b'<', text).filter(is_end).collect()
}
