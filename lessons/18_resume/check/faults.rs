//! The codes and the faults that end a call, and which of them a retry can change.

use tonic::{Code, Status};
use workbook::grade::{Verdict, ended};
use workbook::lab::{CLIENT, SERVER};

use super::SECOND;
use super::plan::Then;

/// The codes that a retry can change, by the exercise's text.
const WORTH_A_RETRY: [Code; 7] = [
    Code::Unknown,
    Code::Cancelled,
    Code::Internal,
    Code::DeadlineExceeded,
    Code::Unavailable,
    Code::ResourceExhausted,
    Code::Aborted,
];

/// And all others but OK.
pub const FINAL: [Code; 9] = [
    Code::InvalidArgument,
    Code::NotFound,
    Code::AlreadyExists,
    Code::PermissionDenied,
    Code::FailedPrecondition,
    Code::OutOfRange,
    Code::Unimplemented,
    Code::DataLoss,
    Code::Unauthenticated,
];

/// What ends a call, and is worth a retry.
pub fn faults() -> impl Iterator<Item = (String, Then)> {
    let of_code = |code| (format!("{code:?}"), Then::Fails(code));
    let of_network = [
        ("the connection breaks", Then::Cut),
        ("the server restarts", Then::Restart),
        ("the server is away for a second", Then::Away(SECOND)),
        ("all packets are lost for 20 s", Then::Vanish),
        ("the server's packets are lost", Then::VanishFrom(SERVER)),
        ("the client's packets are lost", Then::VanishFrom(CLIENT)),
        ("GOAWAY", Then::GoesAway),
    ];
    let of_network = of_network.map(|(name, then)| (name.to_owned(), then));
    of_network.into_iter().chain(WORTH_A_RETRY.map(of_code))
}

/// Expects OK. If the status was worth a retry, the hint is about that.
pub fn was_retried(end: &Result<(), Status>, then: Then) -> Verdict {
    let is_worth_one = end
        .as_ref()
        .is_err_and(|status| WORTH_A_RETRY.contains(&status.code()));
    ended(end).well().map_err(|finding| match then {
        _ if !is_worth_one => finding,
        Then::Fails(_) => finding.hint("Which codes does the exercise name as worth a retry?"),
        Then::Away(_) => finding.hint(
            "Which codes does tonic use for a server that is away, and how long do ten retries last?",
        ),
        _ => finding.hint("Which codes does tonic use for a broken connection?"),
    })
}
