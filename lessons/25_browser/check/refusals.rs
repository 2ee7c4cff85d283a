//! What is refused: by the server at once, and by the reader; and base64, which may be malformed.

use tonic::codegen::http::HeaderMap;
use tonic::{Code, Status};
use workbook::grade::{Check, count};

use super::answer::Answer;
use super::body::{framed, messages, padded, refused, text, trailers};
use super::{Subject, frame};

/// The longest frame that is allowed, as the exercise says.
const LONGEST: u32 = 4 * 1024 * 1024;
const _: () = assert!(LONGEST as usize == frame::LONGEST);

pub fn check(check: Check, reader: Subject) -> Check {
    check
        .expects("takes the status of a call that is refused at once from the headers")
        .hint("Such an answer has no body. What else does a page get of it?")
        .plays(async move |_| {
            let mut answer = Answer::new(reader, &refused("3", "no%20name"));
            answer.ended_with(&Status::invalid_argument("no name"))?;
            count(answer.messages(), "messages").is(0)
        })
        .expects("decodes base64, wherever it is cut and padded")
        .hint(
            "How many characters does it take to make bytes of base64, and what may stand behind padding? And with \
             which letters do the content types begin that mean it?",
        )
        .each(
            [
                ("all at once", usize::MAX),
                ("one character a chunk", 1),
                ("two", 2),
                ("three", 3),
                ("seven", 7),
            ],
            async move |_, size| {
                for kind in ["", "+proto", "+json", "; charset=utf-8"] {
                    let kind = format!("application/grpc-web-text{kind}");
                    // With heads of five bytes, these lengths have no padding, one and two characters of it.
                    let sent = messages(&[1, 2, 3, 4, 1000]);
                    let frames = [sent.frames(), vec![trailers("grpc-status:5\r\ngrpc-message:gone\r\n")]];
                    let mut answer = Answer::new(reader, &text(&kind));
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
        .expects("gives the messages that came before what it refuses, though in one chunk")
        .hint("What has been decoded already when your code finds what is no base64, or no frame?")
        .each(
            [("behind them no base64", true), ("behind them a compressed message", false)],
            async move |_, is_text| {
                let sent = messages(&[4, 1]);
                let (headers, body) = if is_text {
                    let body = padded(&sent.frames()) + "!!!!";
                    (text("application/grpc-web-text"), body.into_bytes())
                } else {
                    (HeaderMap::new(), [sent.body(), framed(1, b"abc")].concat())
                };
                let mut answer = Answer::new(reader, &headers);
                answer.comes(&body, usize::MAX);
                answer.has(&sent)?;
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
            // An end of the reader's own making is one, too.
            let mut answer = Answer::binary(reader);
            answer.comes(&framed(1, b"abc"), usize::MAX);
            answer.comes(&more, usize::MAX);
            count(answer.messages(), "messages after a frame that was refused").is(0)
        })
}
