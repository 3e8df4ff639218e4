//! Corrections that have one right answer, and the text with them in it.

use crate::declared::Position;

/// The one right answer to a finding: other words at a place of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Where the wrong words start; lines count through all declared documents.
    pub at: Position,
    /// The words that stand there.
    pub from: String,
    /// The words that should.
    pub to: String,
}

/// The text with the corrections in it. One that does not fit the text any more is left out.
pub fn apply(text: &str, mut fixes: Vec<&Fix>) -> String {
    fixes.sort_by_key(|fix| fix.at);
    let mut out = String::with_capacity(text.len());
    let mut fixes = fixes.into_iter().peekable();
    for (line, number) in text.split_inclusive('\n').zip(1u32..) {
        let mut done = 0;
        while let Some(fix) = fixes.next_if(|fix| fix.at.line <= number) {
            let start = line.char_indices().nth(fix.at.column as usize - 1).map_or(line.len(), |(at, _)| at);
            let fits = fix.at.line == number && start >= done && line[start..].starts_with(&fix.from);
            if fits {
                out.push_str(&line[done..start]);
                out.push_str(&fix.to);
                done = start + fix.from.len();
            }
        }
        out.push_str(&line[done..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections_stand_where_they_belong() {
        let fix = |line, column, from: &str, to: &str| Fix {
            at: Position { line, column },
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let fixes = [fix(2, 7, "BB", "CCC"), fix(2, 4, "A", "AA"), fix(1, 1, "nothing", "x"), fix(9, 1, "a", "b")];
        assert_eq!(apply("one\n权限：A、、BB.\nend", fixes.iter().collect()), "one\n权限：AA、、CCC.\nend");
    }
}
