//! Right, of another shape: a state machine that takes one byte at a time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio_util::bytes::Bytes;
use tonic::Status;
use tonic::codegen::http::{HeaderMap, HeaderName, HeaderValue};

use super::event::Event;
use super::frame::{HEAD, LONGEST, TRAILERS};

enum State {
    Head(Vec<u8>),
    Payload {
        flag: u8,
        missing: usize,
        got: Vec<u8>,
    },
    Ended,
}

pub struct Reader {
    group: Option<Vec<u8>>,
    state: State,
    refused: Option<Status>,
}

impl Reader {
    pub fn new(headers: &HeaderMap) -> Self {
        let text = headers
            .get("content-type")
            .and_then(|kind| kind.to_str().ok());
        let is_text = text.is_some_and(|text| text.starts_with("application/grpc-web-text"));
        Self {
            group: is_text.then(Vec::new),
            state: State::Head(Vec::new()),
            refused: Status::from_header_map(headers),
        }
    }

    pub fn push(&mut self, chunk: &[u8]) -> Vec<Event> {
        chunk
            .iter()
            .flat_map(|byte| self.character(*byte))
            .collect()
    }

    pub fn end(self) -> Option<Event> {
        match (self.state, self.refused) {
            (State::Ended, _) => None,
            (_, Some(refused)) => Some(Event::End(refused)),
            (_, None) => Some(Event::End(Status::unknown("no trailers"))),
        }
    }

    fn character(&mut self, character: u8) -> Vec<Event> {
        let Some(group) = &mut self.group else {
            return self.byte(character).into_iter().collect();
        };
        group.push(character);
        if group.len() < 4 {
            return Vec::new();
        }
        let decoded = STANDARD.decode(std::mem::take(group));
        match decoded {
            Ok(bytes) => bytes
                .into_iter()
                .filter_map(|byte| self.byte(byte))
                .collect(),
            Err(_) => self
                .ends(Status::internal("no base64"))
                .into_iter()
                .collect(),
        }
    }

    fn byte(&mut self, byte: u8) -> Option<Event> {
        match &mut self.state {
            State::Ended => return None,
            State::Head(head) => {
                head.push(byte);
                if head.len() < HEAD {
                    return None;
                }
                let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
                let missing = usize::try_from(length).unwrap_or(usize::MAX);
                let flag = head[0];
                if missing > LONGEST {
                    return self.ends(Status::resource_exhausted("too long"));
                }
                if ![0, TRAILERS].contains(&flag) {
                    return self.ends(Status::internal("a flag that was not asked for"));
                }
                self.state = State::Payload {
                    flag,
                    missing,
                    got: Vec::new(),
                };
            }
            State::Payload { missing, got, .. } => {
                got.push(byte);
                *missing -= 1;
            }
        }
        let State::Payload {
            flag,
            missing: 0,
            got,
        } = &mut self.state
        else {
            return None;
        };
        let (flag, got) = (*flag, std::mem::take(got));
        self.state = State::Head(Vec::new());
        if flag == TRAILERS {
            return self.ends(status_of(&got));
        }
        Some(Event::Message(Bytes::from(got)))
    }

    fn ends(&mut self, status: Status) -> Option<Event> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => None,
            _ => Some(Event::End(status)),
        }
    }
}

fn status_of(text: &[u8]) -> Status {
    let text = String::from_utf8_lossy(text);
    let lines = text.split("\r\n").filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let name = name.trim().to_lowercase().parse::<HeaderName>().ok()?;
        Some((name, value.trim().parse::<HeaderValue>().ok()?))
    });
    Status::from_header_map(&lines.collect()).unwrap_or_else(|| Status::unknown("no status"))
}
