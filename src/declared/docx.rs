//! Word documents (DOCX) → the HTML they mean, which is then read like any page.
//!
//! Only what a list is made of is kept: paragraphs, headings, list items, tables with merged cells, links. Positions are
//! lines of the text that comes out, since a Word document has no lines of its own.

use super::{DeclaredError, labels, value};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;

/// Most bytes of one part of the document after inflating. A real list is far below; a bomb is far above.
const MAX_PART: u64 = 64 << 20;
/// Most bytes of text taken out of a document.
const MAX_TEXT: usize = 16 << 20;
/// Deepest nesting of tables.
const MAX_DEPTH: usize = 32;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The HTML of a Word document.
///
/// # Errors
/// A broken container, a part larger than the limit, an encrypted document.
pub(super) fn html(bytes: &[u8]) -> Result<String, DeclaredError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let links = relationships(&mut archive)?;
    let headings = heading_styles(&mut archive)?;
    let Some(part) = part(&mut archive, "word/document.xml")? else {
        return Err(DeclaredError::Broken { format: FORMAT, why: "it has no word/document.xml".to_owned() });
    };
    Body { links, headings, ..Body::default() }.read(part)
}

const FORMAT: &str = "Word document (DOCX)";

fn broken(why: &dyn std::fmt::Display) -> DeclaredError {
    DeclaredError::Broken { format: FORMAT, why: why.to_string() }
}

/// A part of the container, cut off behind the limit.
fn part<'a>(archive: &'a mut Archive, name: &str) -> Result<Option<impl BufRead + 'a>, DeclaredError> {
    match archive.by_name(name) {
        Ok(file) if file.size() > MAX_PART => Err(DeclaredError::TooLarge { limit: MAX_PART }),
        Ok(file) => Ok(Some(BufReader::new(file.take(MAX_PART + 1)))),
        Err(zip::result::ZipError::FileNotFound) => Ok(None),
        Err(error) => Err(broken(&error)),
    }
}

/// Calls `each` for every element and text of a part.
fn events(part: impl BufRead, mut each: impl FnMut(&Event) -> Result<(), DeclaredError>) -> Result<(), DeclaredError> {
    let mut reader = Reader::from_reader(part);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(|error| broken(&error))?;
        if reader.buffer_position() > MAX_PART {
            return Err(DeclaredError::TooLarge { limit: MAX_PART });
        }
        if matches!(event, Event::Eof) {
            return Ok(());
        }
        each(&event)?;
        buffer.clear();
    }
}

fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    // To hold each against all before it would cost an element of a hundred thousand the square of that.
    let attribute =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(htmlize::unescape(attribute.value.as_ref()).into_owned())
}

/// Targets of the hyperlinks by relationship id.
fn relationships(archive: &mut Archive) -> Result<HashMap<String, String>, DeclaredError> {
    let mut links = HashMap::new();
    let Some(part) = part(archive, "word/_rels/document.xml.rels")? else { return Ok(links) };
    events(part, |event| {
        if let Event::Start(element) | Event::Empty(element) = event
            && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
            && target.starts_with("http")
        {
            links.insert(id, target);
        }
        Ok(())
    })?;
    Ok(links)
}

/// Levels of the styles that are headings, by style id.
fn heading_styles(archive: &mut Archive) -> Result<HashMap<String, u8>, DeclaredError> {
    let mut headings = HashMap::new();
    let Some(part) = part(archive, "word/styles.xml")? else { return Ok(headings) };
    let mut style = None;
    events(part, |event| {
        if let Event::Start(element) | Event::Empty(element) = event {
            match element.local_name().as_ref() {
                "style" => style = attribute(element, "styleId"),
                "name" => {
                    let name = attribute(element, "val").unwrap_or_default().to_lowercase();
                    let level = name.strip_prefix("heading ").and_then(|level| level.parse().ok());
                    if let (Some(level @ 1..=6), Some(style)) = (level, style.clone()) {
                        headings.insert(style, level);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(headings)
}

/// How a cell is merged with those above it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Merge {
    Alone,
    Begins,
    GoesOn,
}

struct Cell {
    html: String,
    columns: usize,
    merge: Merge,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<Cell>>,
}

#[derive(Default)]
struct Body {
    links: HashMap<String, String>,
    headings: HashMap<String, u8>,
    /// Text of the document, and of every cell that is open.
    out: Vec<String>,
    tables: Vec<Table>,
    written: usize,
    heading: Option<u8>,
    item: Option<usize>,
    paragraph: String,
    link: bool,
    /// Code of the field that is open, and whether its words have begun: `HYPERLINK "https://…"`.
    code: Option<String>,
    in_code: bool,
    /// Inside `<mc:Fallback>`: the same words again, for older programs.
    fallback: usize,
    /// Inside `<w:t>`; text elsewhere (field codes, deleted words) does not count.
    text: bool,
}

impl Body {
    fn read(mut self, part: impl BufRead) -> Result<String, DeclaredError> {
        self.out.push(String::new());
        events(part, |event| {
            match event {
                Event::Start(element) if element.local_name().as_ref() == "Fallback" => self.fallback += 1,
                Event::End(element) if element.local_name().as_ref() == "Fallback" => {
                    self.fallback = self.fallback.saturating_sub(1);
                }
                _ if self.fallback > 0 => {}
                Event::Text(code) if self.in_code => self.add_code(code),
                Event::GeneralRef(name) if self.in_code => self.add_code(&htmlize::unescape(format!("&{};", &**name))),
                Event::Start(element) => self.start(element),
                Event::Empty(element) => {
                    self.start(element);
                    self.end(element.local_name().as_ref());
                }
                Event::End(element) => self.end(element.local_name().as_ref()),
                Event::Text(text) if self.text => self.words(text),
                Event::GeneralRef(name) if self.text => {
                    let entity = format!("&{};", &**name);
                    self.words(&htmlize::unescape(entity));
                }
                _ => {}
            }
            if self.written > MAX_TEXT { Err(DeclaredError::TooLarge { limit: MAX_TEXT as u64 }) } else { Ok(()) }
        })?;
        while self.out.len() > 1 {
            self.end_cell();
        }
        while !self.tables.is_empty() {
            self.end_table();
        }
        Ok(self.out.pop().unwrap_or_default())
    }

    fn words(&mut self, text: &str) {
        self.written += text.len();
        self.paragraph.push_str(&htmlize_text(text));
    }

    fn start(&mut self, element: &BytesStart) {
        match element.local_name().as_ref() {
            "p" => (self.heading, self.item) = (None, None),
            "pStyle" => {
                let style = attribute(element, "val").unwrap_or_default();
                let named = style.to_lowercase().strip_prefix("heading").and_then(|level| level.trim().parse().ok());
                self.heading = self.headings.get(&style).copied().or(named.filter(|level| (1..=6).contains(level)));
            }
            "ilvl" => self.item = attribute(element, "val").and_then(|level| level.parse().ok()),
            "numId" if attribute(element, "val").as_deref() != Some("0") => self.item = self.item.or(Some(0)),
            "numId" => self.item = None,
            "t" => self.text = true,
            "br" | "cr" => self.paragraph.push_str("<br>"),
            // "Vendor ⇥ Acme Inc."
            "tab" if labels::lookup(&value::plain(&self.paragraph)).is_some() => self.paragraph.push('：'),
            "tab" if !self.paragraph.is_empty() => self.paragraph.push('\t'),
            "instrText" => self.in_code = true,
            "fldSimple" => {
                self.code = attribute(element, "instr");
                self.begin_field();
            }
            "fldChar" => match attribute(element, "fldCharType").as_deref() {
                Some("begin") => self.code = Some(String::new()),
                Some("separate") => self.begin_field(),
                Some("end") => self.end_link(),
                _ => {}
            },
            "noBreakHyphen" => self.paragraph.push('-'),
            "hyperlink" => {
                let target = attribute(element, "id").and_then(|id| self.links.get(&id).cloned());
                self.begin_link(target);
            }
            "tbl" if self.tables.len() < MAX_DEPTH => {
                self.end_paragraph();
                self.tables.push(Table::default());
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(Vec::new());
                }
            }
            "tc" => self.start_cell(),
            "gridSpan" => {
                let columns = attribute(element, "val").and_then(|columns| columns.parse().ok()).unwrap_or(1);
                self.cell(|cell| cell.columns = columns);
            }
            "vMerge" => {
                let begins = attribute(element, "val").as_deref() == Some("restart");
                self.cell(|cell| cell.merge = if begins { Merge::Begins } else { Merge::GoesOn });
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.text = false,
            "instrText" => self.in_code = false,
            "hyperlink" | "fldSimple" => self.end_link(),
            "p" => self.end_paragraph(),
            "tc" => self.end_cell(),
            "tbl" => self.end_table(),
            _ => {}
        }
    }

    fn add_code(&mut self, text: &str) {
        /// Longest code of a field; an address is shorter.
        const LONGEST: usize = 4000;
        if let Some(code) = self.code.as_mut().filter(|code| code.len() + text.len() < LONGEST) {
            code.push_str(text);
        }
    }

    /// The words of a field begin: those of `HYPERLINK "https://…"` are a link.
    fn begin_field(&mut self) {
        let code = self.code.take().unwrap_or_default();
        let target = code.trim_start().strip_prefix("HYPERLINK").and_then(|rest| rest.split('"').nth(1));
        self.begin_link(target.filter(|target| target.starts_with("http")).map(str::to_owned));
    }

    fn begin_link(&mut self, target: Option<String>) {
        if let Some(target) = target.filter(|_| !self.link) {
            self.written += target.len();
            self.paragraph.push_str(&format!("<a href=\"{}\">", htmlize_text(&target)));
            self.link = true;
        }
    }

    fn end_link(&mut self) {
        if std::mem::take(&mut self.link) {
            self.paragraph.push_str("</a>");
        }
    }

    fn end_paragraph(&mut self) {
        let words = std::mem::take(&mut self.paragraph);
        let Some(out) = self.out.last_mut().filter(|_| !words.trim().is_empty()) else { return };
        match (self.heading, self.item) {
            (Some(level), _) => out.push_str(&format!("<h{level}>{words}</h{level}>\n")),
            (None, Some(depth)) => {
                let depth = depth.min(8) + 1;
                out.push_str(&format!("{}<li>{words}</li>{}\n", "<ul>".repeat(depth), "</ul>".repeat(depth)));
            }
            (None, None) => out.push_str(&format!("<p>{words}</p>\n")),
        }
    }

    fn start_cell(&mut self) {
        if let Some(row) = self.tables.last_mut().and_then(|table| table.rows.last_mut()) {
            row.push(Cell { html: String::new(), columns: 1, merge: Merge::Alone });
            self.out.push(String::new());
        }
    }

    fn cell(&mut self, change: impl FnOnce(&mut Cell)) {
        let row = self.tables.last_mut().and_then(|table| table.rows.last_mut());
        if let Some(cell) = row.and_then(|row| row.last_mut()) {
            change(cell);
        }
    }

    fn end_cell(&mut self) {
        self.end_paragraph();
        if self.out.len() > 1
            && let Some(html) = self.out.pop()
        {
            self.cell(|cell| cell.html = html);
        }
    }

    fn end_table(&mut self) {
        self.end_paragraph();
        let Some(table) = self.tables.pop() else { return };
        let html = table.html();
        if let Some(out) = self.out.last_mut() {
            out.push_str(&html);
        }
    }
}

impl Table {
    fn html(&self) -> String {
        let mut html = "<table>\n".to_owned();
        for (at, row) in self.rows.iter().enumerate() {
            html.push_str("<tr>");
            let mut column = 0;
            for cell in row {
                if cell.merge != Merge::GoesOn {
                    let rows = if cell.merge == Merge::Begins { self.reach(at, column) } else { 1 };
                    html.push_str(&format!("<td rowspan={rows} colspan={}>{}</td>", cell.columns, cell.html));
                }
                column += cell.columns;
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</table>\n");
        html
    }

    /// Rows that the merged cell of a column reaches over.
    fn reach(&self, row: usize, column: usize) -> usize {
        let goes_on = |row: &&Vec<Cell>| {
            let mut at = 0;
            let cell = row.iter().find(|cell| {
                let own = at == column;
                at += cell.columns;
                own
            });
            cell.is_some_and(|cell| cell.merge == Merge::GoesOn)
        };
        1 + self.rows.iter().skip(row + 1).take_while(goes_on).count()
    }
}

fn htmlize_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
