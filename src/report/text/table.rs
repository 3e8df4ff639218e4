//! Tables, and what stands for them on a narrow screen.

use super::Screen;
use crate::report::screen::DEFAULT_WIDTH;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use std::fmt::Write;

/// Below this width a table's cells would be a few letters wide.
const NARROW: usize = 80;

/// Prints rows under a header: as a table, or on a narrow screen as blocks of lines. Ends without an empty line.
pub fn print<const N: usize>(out: &mut String, header: [&str; N], rows: Vec<[String; N]>, screen: &Screen) {
    if screen.width < NARROW {
        return blocks(out, header, &rows, screen);
    }
    let mut table = Table::new();
    table
        .load_style(if screen.unicode { presets::UTF8_FULL_CONDENSED } else { presets::ASCII_FULL_CONDENSED })
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(screen.width).unwrap_or(u16::MAX))
        .set_header(header);
    // Names stay whole, so that they can be copied, where the screen is wide enough for that.
    if screen.width >= DEFAULT_WIDTH {
        table.column_mut(0).map(|column| column.set_constraint(ColumnConstraint::ContentWidth));
    }
    table.add_rows(rows);
    let _ = writeln!(out, "{table}");
}

fn blocks<const N: usize>(out: &mut String, header: [&str; N], rows: &[[String; N]], screen: &Screen) {
    for row in rows {
        let Some((first, rest)) = row.split_first() else { continue };
        let _ = writeln!(out, "{}", super::wrap(first, screen.width, 2));
        for (label, cell) in header.iter().skip(1).zip(rest).filter(|(_, cell)| !cell.is_empty()) {
            let colon = screen.lang.pick(": ", "：");
            let line = format!("  {label}{colon}{}", cell.replace('\n', screen.lang.pick(", ", "、")));
            let _ = writeln!(out, "{}", super::wrap(&line, screen.width, 4));
        }
    }
}
