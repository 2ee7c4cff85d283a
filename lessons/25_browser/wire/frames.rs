//! The gRPC-Web frames in a body, for the lane of the wire.

use workbook::wire::{percent_decoded, status_code};

use super::super::frame::{HEAD, TRAILERS};

/// The gRPC-Web frames of one body.
#[derive(Default)]
pub struct Frames(Vec<u8>);

impl Frames {
    /// Takes a chunk, and says which frames end in it.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        self.0.extend_from_slice(bytes);
        let mut ended = Vec::new();
        while let Some(head) = self.0.get(..HEAD) {
            let length = [head[1], head[2], head[3], head[4]];
            let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
            let is_trailers = head[0] == TRAILERS;
            if self.0.len() - HEAD < length {
                break;
            }
            let frame: Vec<u8> = self.0.drain(..HEAD + length).skip(HEAD).collect();
            ended.push(if is_trailers {
                let text = String::from_utf8_lossy(&frame);
                let lines: Vec<String> = text.lines().map(said).collect();
                format!("trailers {}", lines.join(", "))
            } else {
                format!("message ({length} bytes)")
            });
        }
        if !self.0.is_empty() {
            ended.push("part of a frame".to_owned());
        }
        ended
    }
}

/// A line of the trailers, its code in words and its message decoded.
fn said(line: &str) -> String {
    match line.split_once(':') {
        Some(("grpc-status", code)) => format!("grpc-status: {}", status_code(code.trim())),
        Some((name, value)) => format!("{name}: {}", percent_decoded(value.trim())),
        None => line.to_owned(),
    }
}
