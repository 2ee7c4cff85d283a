//! HTTP/1.1 and the gRPC-Web frames in its bodies, for the lane of the wire.

#[path = "wire/frames.rs"]
mod frames;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use workbook::wire::{Direction, Foreign, Protocol, grouped, status_code};

use frames::Frames;

/// A head that is longer is no HTTP/1.1.
const LONGEST_HEAD: usize = 16 * 1024;

/// The reader of one direction.
pub fn web(_: Direction) -> Box<dyn Protocol> {
    Box::new(Http1 {
        bytes: Vec::new(),
        place: Place::Head,
        call: 0,
        is_text: false,
        body: Frames::default(),
    })
}

struct Http1 {
    bytes: Vec<u8>,
    place: Place,
    call: u32,
    is_text: bool,
    body: Frames,
}

/// What comes next on the connection.
enum Place {
    Head,
    Body(usize),
    Chunk,
    /// Nothing behind bytes that are no HTTP/1.1 can be read.
    Lost,
}

impl Protocol for Http1 {
    fn push(&mut self, bytes: &[u8]) -> Vec<Foreign> {
        self.bytes.extend_from_slice(bytes);
        std::iter::from_fn(|| self.next()).collect()
    }
}

impl Http1 {
    fn next(&mut self) -> Option<Foreign> {
        match self.place {
            Place::Head => self.head(),
            Place::Body(length) => {
                let body = self.take(length, length)?;
                self.place = Place::Head;
                let meaning = self.frames_in(&body);
                Some(self.foreign("BODY", meaning, length))
            }
            Place::Chunk => self.chunk(),
            Place::Lost => {
                self.bytes.clear();
                None
            }
        }
    }

    fn head(&mut self) -> Option<Foreign> {
        // Every head begins with a method or a version, in capital letters.
        if !self.bytes.first()?.is_ascii_uppercase() {
            return Some(self.lost());
        }
        let Some(end) = find(&self.bytes, b"\r\n\r\n") else {
            if self.bytes.len() > LONGEST_HEAD {
                return Some(self.lost());
            }
            return None;
        };
        let head = self.take(end, end + 4)?;
        let Ok(head) = String::from_utf8(head) else {
            return Some(self.lost());
        };
        let field = |name: &str| {
            let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
            let mut values = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
            values.next().map(|(_, value)| value.trim())
        };
        self.call += 1;
        self.is_text = field("content-type").is_some_and(|kind| kind.contains("-text"));
        self.body = Frames::default();
        let length = field("content-length").and_then(|length| length.parse().ok());
        self.place = match length {
            _ if field("transfer-encoding") == Some("chunked") => Place::Chunk,
            Some(length @ 1..) => Place::Body(length),
            _ => Place::Head,
        };
        let mut words = head.lines().next().unwrap_or_default().split(' ');
        let (first, second) = (words.next().unwrap_or_default(), words.next());
        let second = second.unwrap_or_default();
        let kind = match first {
            "POST" => "POST",
            "OPTIONS" => "OPTIONS",
            _ if first.starts_with("HTTP/1.") => "HTTP/1.1",
            _ => return Some(self.lost()),
        };
        let mut meaning = second.rsplit('/').next().unwrap_or_default().to_owned();
        let shown = ["origin", "access-control-allow-origin"];
        for name in shown {
            // A page's own origin is in each of its calls, and is news in its question alone.
            if let Some(value) = field(name).filter(|_| kind == "OPTIONS" || meaning == "204") {
                meaning += &format!(", {name}: {value}");
            }
        }
        if let Some(code) = field("grpc-status") {
            meaning += &format!(", grpc-status: {}", status_code(code));
        }
        // Lengths of heads are never shown: they change from run to run.
        Some(self.foreign(kind, meaning, 0))
    }

    fn chunk(&mut self) -> Option<Foreign> {
        let end = find(&self.bytes, b"\r\n")?;
        let length = std::str::from_utf8(&self.bytes[..end]).ok();
        let length = length.and_then(|length| usize::from_str_radix(length.trim(), 16).ok());
        let Some(length) = length else {
            return Some(self.lost());
        };
        let whole = end.checked_add(length)?.checked_add(4)?;
        let chunk = self.take(whole - 2, whole)?;
        if length == 0 {
            self.place = Place::Head;
            return Some(self.foreign("LAST CHUNK", String::new(), 0));
        }
        let meaning = self.frames_in(&chunk[end + 2..]);
        Some(self.foreign("CHUNK", meaning, length))
    }

    fn frames_in(&mut self, body: &[u8]) -> String {
        let decoded = self.is_text.then(|| STANDARD.decode(body).ok()).flatten();
        let size = grouped(u64::try_from(body.len()).unwrap_or(0));
        let form = if self.is_text { " of base64" } else { "" };
        let frames = self.body.push(decoded.as_deref().unwrap_or(body));
        format!("{size} bytes{form}: {}", frames.join(", "))
    }

    /// The first bytes of so many, once they are there.
    fn take(&mut self, wanted: usize, whole: usize) -> Option<Vec<u8>> {
        if self.bytes.len() < whole {
            return None;
        }
        let mut taken: Vec<u8> = self.bytes.drain(..whole).collect();
        taken.truncate(wanted);
        Some(taken)
    }

    fn lost(&mut self) -> Foreign {
        self.place = Place::Lost;
        self.foreign("not HTTP/1.1", String::new(), 0)
    }

    fn foreign(&self, kind: &'static str, meaning: String, length: usize) -> Foreign {
        Foreign {
            call: self.call,
            kind,
            meaning,
            length: u32::try_from(length).unwrap_or(u32::MAX),
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
