//! The CSV of Google Play's Data safety section.
//!
//! Five columns: question, response, value, requirement, label. The first two are machine readable and the same in every
//! language; heads and labels are in the language of the console. A response counts where its value is `true`.

use super::types;
use crate::declared::read::Content;
use crate::declared::source::Source;
use crate::declared::view::{Cells, View};
use crate::declared::{DataPractice, Form};
use std::ops::Range;

const TYPES: &str = "PSL_DATA_TYPES_";
const USAGE: &str = "PSL_DATA_USAGE_RESPONSES:";

/// Whether lines begin as those of the form do.
pub fn is_play(text: &str) -> bool {
    text.lines().take(60).any(|line| {
        let line = line.trim_start_matches(['"', '\u{feff}', ' ']);
        line.starts_with("PSL_DATA_COLLECTION_") || line.starts_with(TYPES) || line.starts_with(USAGE)
    })
}

/// Reads the rows of the form.
pub fn read(source: &Source, view: &View) -> Content {
    let mut practices: Vec<DataPractice> = Vec::new();
    for row in view.tables.iter().flat_map(|table| &table.rows) {
        let Some(answer) = Answer::of(source, row).filter(|answer| answer.value.eq_ignore_ascii_case("true")) else {
            continue;
        };
        if answer.question.starts_with(TYPES) {
            let written = source.located(answer.response_at.clone());
            let label = answer.label.rsplit(" / ").next().map(str::trim).filter(|label| !label.is_empty());
            let label = label.map(str::to_owned);
            let data_types = types::of_play(answer.response);
            practices.push(DataPractice { label, ..super::types::practice(written, data_types) });
        } else if let Some((data, what)) =
            answer.question.strip_prefix(USAGE).and_then(|question| question.split_once(':'))
            && let Some(practice) = practices.iter_mut().find(|practice| practice.written.text == data)
        {
            answer.take_into(practice, what);
        }
    }
    for practice in &mut practices {
        // One question asks for both: what is not ticked is denied.
        if practice.collected.is_some() || practice.shared.is_some() {
            practice.collected.get_or_insert(false);
            practice.shared.get_or_insert(false);
        }
    }
    Content { form: Some(Form::PlayDataSafety), data_practices: practices, ..Content::default() }
}

/// One row.
struct Answer<'a> {
    question: &'a str,
    response: &'a str,
    response_at: Range<usize>,
    value: &'a str,
    label: &'a str,
}

impl<'a> Answer<'a> {
    fn of(source: &'a Source, row: &Cells) -> Option<Answer<'a>> {
        let cell = |column: usize| row.get(column).map(|cell| source.slice(cell).trim());
        Some(Answer {
            question: cell(0)?,
            response: cell(1)?,
            response_at: row.get(1)?.clone(),
            value: cell(2)?,
            label: cell(4).unwrap_or_default(),
        })
    }

    fn take_into(&self, practice: &mut DataPractice, what: &str) {
        match (what, self.response) {
            // The names say "only"; both can be ticked.
            ("PSL_DATA_USAGE_COLLECTION_AND_SHARING", "PSL_DATA_USAGE_ONLY_COLLECTED") => {
                practice.collected = Some(true);
            }
            ("PSL_DATA_USAGE_COLLECTION_AND_SHARING", "PSL_DATA_USAGE_ONLY_SHARED") => practice.shared = Some(true),
            ("DATA_USAGE_COLLECTION_PURPOSE" | "DATA_USAGE_SHARING_PURPOSE", purpose)
                if practice.purposes.iter().all(|known| known != purpose) =>
            {
                practice.purposes.push(purpose.to_owned());
            }
            _ => {}
        }
    }
}
