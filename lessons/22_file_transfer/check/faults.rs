//! The codes that end a call, and the faults at every point of one.

use tonic::Code;

use super::act::{Act, Then, after_pieces, unanswered};

/// The codes that a new call can change, by the exercise's text.
const WORTH_A_CALL: [Code; 6] = [
    Code::Unknown,
    Code::Unavailable,
    Code::Cancelled,
    Code::Internal,
    Code::DeadlineExceeded,
    Code::DataLoss,
];

/// And all others but OK.
pub const FINAL: [Code; 10] = [
    Code::InvalidArgument,
    Code::NotFound,
    Code::AlreadyExists,
    Code::PermissionDenied,
    Code::ResourceExhausted,
    Code::FailedPrecondition,
    Code::Aborted,
    Code::OutOfRange,
    Code::Unimplemented,
    Code::Unauthenticated,
];

/// What ends a call that did not store the file, and at which point of it.
pub fn faults() -> impl Iterator<Item = (String, Act)> {
    let of_code = WORTH_A_CALL.map(|code| (format!("{code:?}"), Then::Fails(code)));
    let of_network = [
        ("the connection breaks", Then::Cut),
        ("all packets are lost for 20 s", Then::Vanish),
        ("the call ends with OK, and nothing is stored", Then::Ends),
    ];
    let of_network = of_network.map(|(name, then)| (name.to_owned(), then));
    of_network
        .into_iter()
        .chain(of_code)
        .flat_map(|(name, then)| {
            let at = [
                ("unanswered", unanswered(then)),
                ("after 0 pieces", after_pieces(0, then)),
                ("after 1 piece", after_pieces(1, then)),
                (
                    "after 1 piece, of which 10000 bytes are lost",
                    after_pieces(1, then).and_forgets(10_000),
                ),
                ("after the end", after_pieces(usize::MAX, then)),
            ];
            at.map(|(when, act)| (format!("{name}, {when}"), act))
        })
}
