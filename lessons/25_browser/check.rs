//! Grades the exercise: bodies that are cut at every point, that end too early, and that lie.

#[path = "check/answer.rs"]
mod answer;
#[path = "check/body.rs"]
mod body;

use tonic::codegen::http::HeaderMap;
use tonic::{Code, Status};
use workbook::grade::{Check, count};

use super::event::Event;
use super::frame;
use answer::Answer;
use body::{framed, messages, padded, refused, text, trailers};

/// The exercise: what begins to read an answer, with its headers.
pub type Subject = fn(&HeaderMap) -> Box<dyn Reads>;

pub trait Reads {
    fn push(&mut self, chunk: &[u8]) -> Vec<Event>;
    fn end(self: Box<Self>) -> Option<Event>;
}

/// The longest frame that is allowed, as the exercise says.
const LONGEST: u32 = 4 * 1024 * 1024;
const _: () = assert!(LONGEST as usize == frame::LONGEST);

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
    refuses(check, reader)
}

fn refuses(check: Check, reader: Subject) -> Check {
    check
        .expects("takes the status of a call that is refused at once from the headers")
        .hint("Such an answer has no body. What else does a page get of it?")
        .plays(async move |_| {
            let mut answer = Answer::new(reader, &refused("3", "no%20name"));
            answer.ended_with(&Status::invalid_argument("no name"))?;
            count(answer.messages(), "messages").is(0)
        })
        .expects("decodes base64, wherever it is cut and padded")
        .hint("How many characters does it take to make bytes of base64, and what may stand behind padding?")
        .each(
            [
                ("all at once", usize::MAX),
                ("one character a chunk", 1),
                ("two", 2),
                ("three", 3),
                ("seven", 7),
            ],
            async move |_, size| {
                for kind in ["application/grpc-web-text", "application/grpc-web-text+proto"] {
                    // With heads of five bytes, these lengths have no padding, one and two characters of it.
                    let sent = messages(&[1, 2, 3, 4, 1000]);
                    let frames = [sent.frames(), vec![trailers("grpc-status:5\r\ngrpc-message:gone\r\n")]];
                    let mut answer = Answer::new(reader, &text(kind));
                    answer.comes(padded(&frames.concat()).as_bytes(), size);
                    answer.has(&sent)?;
                    answer.ended_with(&Status::not_found("gone"))?;
                }
                Ok(())
            },
        )
        .expects("refuses a frame that is longer than it allows, as soon as its length is there")
        .hint("The server has chosen the length. What does your code do with that number before it has seen a byte of the frame?")
        .each(
            [
                ("a byte too many", (0, LONGEST + 1)),
                ("4 GiB", (0, u32::MAX)),
                ("4 GiB of trailers", (0x80, u32::MAX)),
            ],
            async move |_, (flag, length)| {
                let head = [&[flag][..], &length.to_be_bytes()].concat();
                let mut answer = Answer::binary(reader);
                answer.comes(&head, 3);
                answer.has_ended_with(Code::ResourceExhausted)?;
                let head = [&[0][..], &LONGEST.to_be_bytes()].concat();
                let mut answer = Answer::binary(reader);
                answer.comes(&head, usize::MAX);
                answer.goes_on()
            },
        )
        .expects("refuses what is no gRPC-Web with Internal")
        .hint("A frame with a flag that you have not asked for cannot be read. What would the page make of it?")
        .each(
            [
                ("a compressed message", (framed(1, b"abc"), false)),
                ("compressed trailers", (framed(0x81, b"abc"), false)),
                ("no base64", (b"<html>..".to_vec(), true)),
            ],
            async move |_, (body, is_text)| {
                let headers = if is_text { text("application/grpc-web-text") } else { HeaderMap::new() };
                let mut answer = Answer::new(reader, &headers);
                answer.comes(&body, usize::MAX);
                answer.has_ended_with(Code::Internal)
            },
        )
        .expects("gives nothing after the end")
        .hint("What does your code do with bytes behind the trailer frame, and at the end of the body?")
        .plays(async move |_| {
            let more = messages(&[4]).body();
            for size in [1, usize::MAX] {
                let mut answer = Answer::binary(reader);
                answer.comes(&[trailers("grpc-status:5\r\n"), more.clone()].concat(), size);
                answer.comes(&more, size);
                count(answer.messages(), "messages after the end").is(0)?;
                answer.ended_with(&Status::not_found(""))?;
            }
            Ok(())
        })
}
