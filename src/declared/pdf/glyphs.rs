//! The letters that a PDF draws, as pages of text.

use super::page::{self, Columns, Piece};
use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform, output_doc};

/// The text of all pages; `None` where no page can be reached.
pub fn text(bytes: &[u8]) -> Result<Option<String>, OutputError> {
    let mut document = Document::load_mem(bytes)?;
    if document.is_encrypted() {
        document.decrypt("")?;
    }
    if document.get_pages().is_empty() {
        return Ok(None);
    }
    let mut pages = Pages::default();
    output_doc(&document, &mut pages)?;
    Ok(Some(pages.text))
}

/// Takes the letters in the order in which they are drawn.
#[derive(Default)]
struct Pages {
    text: String,
    height: f64,
    pieces: Vec<Piece>,
    /// Columns of a table that goes on over the end of the page.
    columns: Option<Columns>,
}

impl Pages {
    /// The pieces as they were drawn, a line for each change of height.
    fn plain(&mut self) {
        let mut last: Option<&Piece> = None;
        for piece in &self.pieces {
            if let Some(last) = last {
                let down = (piece.y - last.y).abs();
                if down > piece.size * 1.5 {
                    self.text.push('\n');
                }
                let back = piece.x < last.end && down > piece.size * 0.5;
                self.text.push_str(if back {
                    "\n"
                } else if piece.x > last.end + piece.size * 0.1 {
                    " "
                } else {
                    ""
                });
            }
            self.text.push_str(&piece.text);
            last = Some(piece);
        }
        self.text.push_str("\n\n");
    }
}

impl OutputDev for Pages {
    fn begin_page(&mut self, _: u32, page: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        self.height = page.ury - page.lly;
        self.pieces.clear();
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        match page::with_tables(&self.pieces, self.columns.as_ref()) {
            Some((text, columns)) => {
                self.text.push_str(&text);
                self.columns = columns;
            }
            None => {
                self.columns = None;
                self.plain();
            }
        }
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        letter: &str,
    ) -> Result<(), OutputError> {
        // The side of the square with the area that the letter's box has on the page.
        let (x, y) = (place.m11 + place.m21, place.m12 + place.m22);
        let size = (x * y).abs().sqrt() * font_size;
        let (x, y) = (place.m31, self.height - place.m32);
        let end = x + width * size;
        match self.pieces.last_mut() {
            Some(piece) if (piece.y - y).abs() < size * 0.3 && x > piece.end - size && x < piece.end + size * 0.7 => {
                if x > piece.end + size * 0.1 && !piece.text.ends_with(' ') {
                    piece.text.push(' ');
                }
                piece.text.push_str(letter);
                piece.end = end;
            }
            _ => self.pieces.push(Piece { x, end, y, size, text: letter.to_owned() }),
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
