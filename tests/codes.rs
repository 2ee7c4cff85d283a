//! The book's table of status codes: which of them a tonic client sees without any server saying so,
//! and when. Each cause is a run; the reasons are tonic's, h2's and hyper's own.

mod causes;
mod raw;

use std::io::{self, ErrorKind};

use crate::support::snapshot;
use tonic::{Code, Status};

/// All codes, by number.
const CODES: std::ops::RangeInclusive<i32> = 0..=16;

/// A cause, and the code that it makes.
struct Seen {
    kind: Kind,
    cause: String,
    code: Code,
}

/// What a cause is about; the table puts those of one kind together.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// An HTTP status in place of gRPC.
    Http,
    /// An error code of HTTP/2 (RFC 9113, section 7).
    Reset,
    /// Something between tonic and tonic.
    Tonic,
}

#[test]
fn a_question_mark_on_an_io_error_lets_tonic_choose_the_code() {
    let code = |kind: ErrorKind| Status::from(io::Error::from(kind)).code();
    assert_eq!(code(ErrorKind::TimedOut), Code::DeadlineExceeded);
    assert_eq!(code(ErrorKind::NotFound), Code::NotFound);
}

#[test]
fn every_status_code_has_the_ways_to_get_it() {
    let mut seen = causes::of_http();
    seen.extend(causes::of_resets());
    seen.extend(causes::of_tonic());
    let mut table = "| number | code | a tonic client sees it after |\n|---|---|---|\n".to_owned();
    for number in CODES {
        let code = Code::from_i32(number);
        let of = |kind| {
            let is_it = |seen: &&Seen| seen.kind == kind && seen.code == code;
            let causes = seen.iter().filter(is_it);
            causes.map(|seen| seen.cause.as_str()).collect::<Vec<_>>()
        };
        let mut ways = Vec::new();
        let (http, resets, tonic) = (of(Kind::Http), of(Kind::Reset), of(Kind::Tonic));
        if !tonic.is_empty() {
            ways.push(tonic.join("; "));
        }
        if !resets.is_empty() {
            ways.push(format!("RST_STREAM {}", resets.join(", ")));
        }
        if !http.is_empty() {
            ways.push(format!("HTTP {} without gRPC", http.join(", ")));
        }
        if ways.is_empty() {
            ways.push("nothing but a server that says so".to_owned());
        }
        table.push_str(&format!("| {number} | {code:?} | {} |\n", ways.join("; ")));
    }
    snapshot("codes", &table);
}
