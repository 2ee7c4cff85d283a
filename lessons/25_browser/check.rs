//! Grades the exercise: bodies that are cut at every point, that end too early, and that lie.

#[path = "check/answer.rs"]
mod answer;
#[path = "check/body.rs"]
mod body;
#[path = "check/refusals.rs"]
mod refusals;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tonic::codegen::http::HeaderMap;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};
use workbook::grade::{Check, count};

use super::event::Event;
use super::frame;
use answer::Answer;
use body::{messages, trailers};

/// The exercise: what begins to read an answer, with its headers.
pub type Subject = fn(&HeaderMap) -> Box<dyn Reads>;

pub trait Reads {
    fn push(&mut self, chunk: &[u8]) -> Vec<Event>;
    fn end(self: Box<Self>) -> Option<Event>;
}

/// The trailer with a status's details, as base64 (gRPC over HTTP/2, *Custom-Metadata*).
const DETAILS: &str = "grpc-status-details-bin";
const OK: &str = "grpc-status:0\r\n";

pub fn check(reader: Subject) -> Check {
    let check = Check::new()
        .expects("gives each message once and in order, wherever the bytes are cut")
        .hint("What does your code keep of a chunk that ends within a frame, and what does it do with the rest of a chunk when a frame ends?")
        .each(
            [
                ("three messages in one chunk", usize::MAX),
                ("chunks of one byte", 1),
                ("of three bytes", 3),
                ("of six bytes", 6),
                ("of 1,000 bytes", 1000),
            ],
            async move |_, size| {
                for lengths in [&[4, 4, 4][..], &[0, 1, 0], &[300, 70_000, 2]] {
                    let sent = messages(lengths);
                    let mut answer = Answer::binary(reader);
                    answer.comes(&[sent.body(), trailers(OK)].concat(), size);
                    answer.has(&sent)?;
                    answer.ended_with(&Status::ok(""))?;
                }
                Ok(())
            },
        )
        .expects("gives a message with its last byte, and does not wait for the end")
        .hint("When does the page see a number that the server has sent, if your code works only when the body has ended?")
        .plays(async move |_| {
            let sent = messages(&[4]);
            let body = sent.body();
            let (first, last) = body.split_at(body.len() - 1);
            let mut answer = Answer::binary(reader);
            answer.comes(first, usize::MAX);
            count(answer.messages(), "messages before the last byte").is(0)?;
            answer.comes(last, usize::MAX);
            count(answer.messages(), "messages with the last byte").is(1)
        })
        .expects("takes the status from the trailer frame, and gives no message for it")
        .hint("Which byte of a frame's head tells trailers from a message, and in how many ways may a line of them be written?")
        .each(
            [
                ("OK", OK, Status::ok("")),
                ("a space behind the colon", "grpc-status: 5\r\ngrpc-message: gone\r\n", Status::not_found("gone")),
                ("names in capitals", "Grpc-Status:5\r\nGrpc-Message:gone\r\n", Status::not_found("gone")),
                ("percent-encoding", "grpc-status:15\r\ngrpc-message:caf%C3%A9 100%25\r\n", Status::data_loss("café 100%")),
                ("a colon in the message", "grpc-status:13\r\ngrpc-message:a: b\r\n", Status::internal("a: b")),
                ("others before it", "x-cost:3\r\ngrpc-message:no\r\ngrpc-status:7\r\n", Status::permission_denied("no")),
                ("no status in it", "x-cost:3\r\n", Status::unknown("")),
            ]
            .map(|(name, lines, status)| (name, (lines, status))),
            async move |_, (lines, status)| {
                let sent = messages(&[4]);
                for size in [1, usize::MAX] {
                    let mut answer = Answer::binary(reader);
                    answer.comes(&[sent.body(), trailers(lines)].concat(), size);
                    answer.has(&sent)?;
                    answer.ended_with(&status)?;
                }
                Ok(())
            },
        )
        .expects("keeps the details and the metadata of the status")
        .hint("tonic reads a status from headers: code, message, details, and all that is left as metadata. Which of them has yours?")
        .plays(async move |_| {
            let lines = format!(
                "grpc-status:8\r\ngrpc-message:slow\r\n{DETAILS}:{}\r\nretry-at:noon\r\n",
                STANDARD_NO_PAD.encode("all of it")
            );
            let mut answer = Answer::binary(reader);
            answer.comes(&trailers(&lines), usize::MAX);
            let mut metadata = MetadataMap::new();
            metadata.insert("retry-at", MetadataValue::from_static("noon"));
            let (code, details) = (Code::ResourceExhausted, "all of it".into());
            let sent = Status::with_details_and_metadata(code, "slow", details, metadata);
            answer.ended_as_sent(&sent)
        })
        .expects("ends with Unknown when the body ends without a status")
        .hint("What does the end of the body say about how the call ended, when a proxy has ended it?")
        .plays(async move |_| {
            let body = [messages(&[4, 4]).body(), trailers(OK)].concat();
            for end in 0..body.len() {
                let mut answer = Answer::binary(reader);
                answer.comes(&body[..end], usize::MAX);
                let ended = answer.ended_with(&Status::unknown(""));
                ended.map_err(|finding| finding.of(&format!("after {end} of {} bytes", body.len())))?;
            }
            Ok(())
        });
    refusals::check(check, reader)
}
