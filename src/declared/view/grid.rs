//! Cells that span rows and columns, spread over a grid.

use super::Cells;
use std::collections::HashMap;
use std::ops::Range;

/// Columns beyond which a span is not believed; browsers have limits too.
const MAX_COLUMNS: usize = 100;
/// Most cells that the spans of one table may add. A few kilobytes can claim billions; no table for readers has more.
const MAX_COPIES: usize = 200_000;

/// A cell as the document has it.
#[derive(Clone, Debug)]
pub(in crate::declared) struct Cell {
    pub range: Range<usize>,
    pub columns: usize,
    pub rows: usize,
}

/// The rows with every spanned cell repeated where it reaches, to the last row at most.
pub(in crate::declared) fn spread(rows: Vec<Vec<Cell>>) -> Vec<Cells> {
    // Column → the cell from above and how many more rows it reaches.
    let mut above: HashMap<usize, (Range<usize>, usize)> = HashMap::new();
    let mut copies = MAX_COPIES;
    let filled = rows.iter().filter(|row| !row.is_empty()).count();
    let mut grid = Vec::with_capacity(filled);
    for (number, row) in rows.into_iter().filter(|row| !row.is_empty()).enumerate() {
        let below = filled - number - 1;
        let mut cells: Cells = Vec::with_capacity(row.len());
        for cell in row {
            from_above(&mut above, &mut cells, &mut copies);
            let columns = cell.columns.clamp(1, MAX_COLUMNS).min(copies + 1);
            copies -= columns - 1;
            let reach = (cell.rows.max(1) - 1).min(below);
            for _ in 0..columns {
                if reach > 0 {
                    above.insert(cells.len(), (cell.range.clone(), reach));
                }
                cells.push(cell.range.clone());
            }
        }
        from_above(&mut above, &mut cells, &mut copies);
        grid.push(cells);
    }
    grid
}

fn from_above(above: &mut HashMap<usize, (Range<usize>, usize)>, cells: &mut Cells, copies: &mut usize) {
    while *copies > 0
        && let Some((range, left)) = above.get_mut(&cells.len())
    {
        let (range, more) = (range.clone(), *left > 1);
        *left -= 1;
        *copies -= 1;
        if !more {
            above.remove(&cells.len());
        }
        cells.push(range);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(at: usize, columns: usize, rows: usize) -> Cell {
        Cell { range: at..at + 1, columns, rows }
    }

    fn starts(rows: Vec<Vec<Cell>>) -> Vec<Vec<usize>> {
        spread(rows).iter().map(|row| row.iter().map(|cell| cell.start).collect()).collect()
    }

    #[test]
    fn spans_reach_right_and_down() {
        let rows = vec![
            vec![cell(1, 1, 2), cell(2, 2, 1)],
            vec![cell(3, 1, 1), cell(4, 1, 2)],
            vec![cell(5, 1, 1), cell(6, 1, 1)],
        ];
        assert_eq!(starts(rows), [vec![1, 2, 2], vec![1, 3, 4], vec![5, 6, 4]]);
    }

    #[test]
    fn absurd_spans_are_bounded() {
        let rows = vec![vec![cell(1, usize::MAX, usize::MAX)], vec![cell(2, 0, 0)]];
        let grid = starts(rows);
        assert_eq!((grid[0].len(), grid[1].len()), (100, 101));
    }

    #[test]
    fn the_cells_that_spans_add_are_bounded() {
        let row = |at: usize| (0..100).map(|column| cell(at * 100 + column, 100, 100)).collect();
        let grid = spread((0..100).map(row).collect());
        let cells: usize = grid.iter().map(Vec::len).sum();
        assert_eq!(cells, 100 * 100 + MAX_COPIES, "the cells themselves all stay");
    }
}
