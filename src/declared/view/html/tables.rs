//! Tables of a page: rows and cells as they come, put together where the table ends.

use super::super::Grid;
use super::super::grid::{Cell, spread};
use super::{MAX_DEPTH, OpenTable, Walker};
use html5gum::StartTag;

impl Walker<'_, '_> {
    pub(super) fn start_table(&mut self, _end: usize) {
        self.block();
        if self.tables.len() >= MAX_DEPTH {
            return;
        }
        let (lists, strong) = (std::mem::take(&mut self.lists), std::mem::take(&mut self.strong));
        self.tables.push(OpenTable { start: self.out.len(), rows: Vec::new(), cell: None, lists, strong });
    }

    pub(super) fn start_row(&mut self) {
        self.end_cell();
        if let Some(table) = self.tables.last_mut() {
            table.rows.push(Vec::new());
        }
    }

    pub(super) fn start_cell(&mut self, tag: &StartTag<usize>) {
        self.end_cell();
        let span = |name: &[u8]| {
            let value = tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).trim().parse::<usize>());
            value.and_then(Result::ok).unwrap_or(1)
        };
        let start = self.out.len();
        if let Some(table) = self.tables.last_mut() {
            if table.rows.is_empty() {
                table.rows.push(Vec::new());
            }
            table.cell = Some(Cell { range: start..start, columns: span(b"colspan"), rows: span(b"rowspan") });
        }
    }

    pub(super) fn end_cell(&mut self) {
        self.end_link();
        self.end_line();
        let end = self.out.len();
        (self.strong, self.heading) = (0, 0);
        self.lists.clear();
        if let Some(table) = self.tables.last_mut()
            && let Some(mut cell) = table.cell.take()
        {
            let words = self.out.since(cell.range.start).trim_end().len();
            cell.range.end = (cell.range.start + words).min(end);
            if let Some(row) = table.rows.last_mut() {
                row.push(cell);
            }
        }
    }

    pub(super) fn end_table(&mut self) {
        self.end_cell();
        let Some(table) = self.tables.pop() else { return };
        (self.lists, self.strong) = (table.lists, table.strong);
        // A table around tables is there for the layout of the page.
        if !self.out.has_table_since(table.start) {
            let range = table.start..self.out.len();
            self.out.table(Grid { range, rows: spread(table.rows) });
        }
        self.block();
    }
}
