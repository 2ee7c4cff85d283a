//! Right, of another shape: keeps the whole body as it came, reads it from the start at each chunk, and gives
//! what it has not given before. Its memory grows with the body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio_util::bytes::Bytes;
use tonic::codegen::http::{HeaderMap, HeaderName};
use tonic::{Code, Status};

use super::event::Event;
use super::frame::LONGEST;

pub struct Reader {
    headers: HeaderMap,
    body: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Reader {
    pub fn new(headers: &HeaderMap) -> Self {
        Self {
            headers: headers.clone(),
            body: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    pub fn push(&mut self, chunk: &[u8]) -> Vec<Event> {
        if self.ended {
            return Vec::new();
        }
        self.body.extend_from_slice(chunk);
        let events = self.read();
        let new = events[self.given..].to_vec();
        self.given = events.len();
        self.ended = matches!(events.last(), Some(Event::End(_)));
        new
    }

    pub fn end(self) -> Option<Event> {
        if self.ended {
            return None;
        }
        let status = match Status::from_header_map(&self.headers) {
            Some(status) => status,
            None => Status::unknown("cut short"),
        };
        Some(Event::End(status))
    }

    /// Everything that the body so far has brought.
    fn read(&self) -> Vec<Event> {
        let kind = self.headers.get("content-type");
        let is_text =
            kind.is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.contains("-text")));
        let mut bytes = Vec::new();
        let mut end = None;
        if is_text {
            for group in self.body.chunks_exact(4) {
                match STANDARD.decode(group) {
                    Ok(decoded) => bytes.extend(decoded),
                    Err(error) => {
                        end = Some(Event::End(Status::internal(error.to_string())));
                        break;
                    }
                }
            }
        } else {
            bytes.clone_from(&self.body);
        }
        let mut events = Vec::new();
        let mut rest = bytes.as_slice();
        while let [flag, a, b, c, d, behind @ ..] = rest {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            if length > LONGEST {
                events.push(Event::End(Status::resource_exhausted("too long")));
                return events;
            }
            let Some((payload, behind)) = behind.split_at_checked(length) else {
                break;
            };
            match flag {
                0 => events.push(Event::Message(Bytes::copy_from_slice(payload))),
                0x80 => {
                    events.push(Event::End(status(payload)));
                    return events;
                }
                _ => {
                    events.push(Event::End(Status::internal("unknown flag")));
                    return events;
                }
            }
            rest = behind;
        }
        events.extend(end);
        events
    }
}

fn status(text: &[u8]) -> Status {
    let mut headers = HeaderMap::new();
    for line in String::from_utf8_lossy(text).lines() {
        if let Some((name, value)) = line.split_once(':')
            && let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.trim().parse())
        {
            headers.insert(name, value);
        }
    }
    Status::from_header_map(&headers).unwrap_or_else(|| Status::new(Code::Unknown, "no status"))
}
