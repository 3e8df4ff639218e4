//! A web server on the loopback: files by number, with ranges as RFC 9110 says, and with faults.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// How it behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Plain,
    /// Answers 503 so many times first.
    Busy {
        times: usize,
    },
    /// Sends the whole file whatever is asked.
    NoRanges,
    Missing,
    Forbidden,
    /// Sends the end of a file and nothing else.
    OnlyTail,
}

/// Runs until the test's process ends.
pub struct Server {
    port: u16,
    counts: Arc<Mutex<Vec<(usize, usize)>>>,
}

struct Shared {
    files: Vec<Vec<u8>>,
    manner: Manner,
    refusals: AtomicUsize,
    counts: Arc<Mutex<Vec<(usize, usize)>>>,
}

impl Server {
    pub fn start(files: Vec<Vec<u8>>, manner: Manner) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let counts = Arc::new(Mutex::new(vec![(0, 0); files.len()]));
        let shared = Arc::new(Shared { files, manner, refusals: 0.into(), counts: Arc::clone(&counts) });
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || shared.talk(stream));
            }
        });
        Server { port, counts }
    }

    pub fn address(&self, file: usize) -> String {
        format!("http://127.0.0.1:{}/apps/{file}%20x.apk?signed=1", self.port)
    }

    pub fn sent(&self, file: usize) -> usize {
        self.counts.lock().expect("counts")[file].0
    }

    pub fn requests(&self, file: usize) -> usize {
        self.counts.lock().expect("counts")[file].1
    }
}

impl Shared {
    fn talk(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
        loop {
            let (mut head, mut range) = (String::new(), None);
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                let line = line.trim().to_ascii_lowercase();
                if line.is_empty() {
                    break;
                }
                range = line.strip_prefix("range: bytes=").map(str::to_owned).or(range);
            }
            let (answer, body) = self.answer(&head, range.as_deref());
            if stream.write_all(answer.as_bytes()).and_then(|()| stream.write_all(&body)).is_err() {
                return;
            }
        }
    }

    fn answer(&self, head: &str, range: Option<&str>) -> (String, Vec<u8>) {
        let name = head.split("/apps/").nth(1).unwrap_or_default();
        assert!(name.contains("%20x.apk?signed=1 "), "the address as it was given: {head}");
        let number: usize = name.split('%').next().and_then(|number| number.parse().ok()).expect("a file's number");
        let bytes = &self.files[number];
        self.counts.lock().expect("counts")[number].1 += 1;
        let plain = |status: &str| (format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"), Vec::new());
        match self.manner {
            Manner::Busy { times } if self.refusals.fetch_add(1, Ordering::Relaxed) < times => {
                return plain("503 Service Unavailable");
            }
            Manner::Missing => return plain("404 Not Found"),
            Manner::Forbidden => return plain("403 Forbidden"),
            Manner::OnlyTail if !range.is_some_and(|range| range.starts_with('-')) => return plain("400 Bad Request"),
            _ => {}
        }
        let range = range.filter(|_| self.manner != Manner::NoRanges).map(|range| {
            let (start, end) = range.split_once('-').expect("a range");
            match (start.parse::<usize>(), end.parse::<usize>()) {
                (Ok(start), Ok(end)) => (start, (end + 1).min(bytes.len())),
                (Ok(start), Err(_)) => (start, bytes.len()),
                (Err(_), end) => (bytes.len().saturating_sub(end.expect("a suffix")), bytes.len()),
            }
        });
        let tag = "ETag: \"one\"\r\nLast-Modified: Sun, 22 Nov 2026 12:00:00 GMT\r\n";
        let (status, extra, body) = match range {
            Some((start, end)) if start < end => {
                let place = format!("Content-Range: bytes {start}-{}/{}\r\n", end - 1, bytes.len());
                ("206 Partial Content", place, bytes[start..end].to_vec())
            }
            Some(_) => return plain("416 Range Not Satisfiable"),
            None => ("200 OK", String::new(), bytes.clone()),
        };
        self.counts.lock().expect("counts")[number].0 += body.len();
        (format!("HTTP/1.1 {status}\r\n{tag}{extra}Content-Length: {}\r\n\r\n", body.len()), body)
    }
}
