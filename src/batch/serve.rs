//! Requests one after the other: a line in, a row out, whatever the line says.

use super::inputs::Input;
use super::manifest::MAX_LINE;
use super::one::Question;
use std::io::{self, BufRead, Read, Write};

/// Answers every line of `requests` with one row, in order, each handed on before the next line is read. Returns how many there were.
///
/// # Errors
/// When a line cannot be read or a row cannot be written. A reader that has gone is none: there is nobody to go on for.
pub fn serve(question: &Question<'_>, mut requests: impl BufRead, mut rows: impl Write) -> io::Result<u64> {
    let options = question.digest();
    let mut line = Vec::new();
    let mut answered = 0;
    while next_line(&mut requests, &mut line)? {
        let made = question.answer(&Input::of_request(&line), false, &options);
        match rows.write_all(&made.line).and_then(|()| rows.flush()) {
            Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => break,
            written => written?,
        }
        answered += 1;
    }
    Ok(answered)
}

/// The next line, of one that is too long only the beginning. `false` at the end.
fn next_line(requests: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut length = requests.take(MAX_LINE).read_until(b'\n', line)? as u64;
    let found = length > 0;
    let mut rest = Vec::new();
    while length == MAX_LINE && !line.ends_with(b"\n") && !rest.ends_with(b"\n") {
        rest.clear();
        length = requests.take(MAX_LINE).read_until(b'\n', &mut rest)? as u64;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_one_line() {
        let long = vec![b'x'; 3 * MAX_LINE as usize];
        let exact = vec![b'y'; MAX_LINE as usize];
        let text = [b"a\n\n".as_slice(), &long, b"\nb\n", &exact, b"\nlast"].concat();
        let (mut requests, mut line, mut lengths) = (text.as_slice(), Vec::new(), Vec::new());
        while next_line(&mut requests, &mut line).expect("memory") {
            lengths.push(line.len());
        }
        assert_eq!(lengths, [2, 1, MAX_LINE as usize, 2, MAX_LINE as usize, 4]);
    }
}
