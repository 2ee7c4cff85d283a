//! Which codes are worth another server.

use tonic::Code;

// ANCHOR: worth
/// Whether another server may do better. Listening changes nothing, so it is always safe to repeat.
pub fn is_worth_a_move(code: Code) -> bool {
    match code {
        // A server that was killed, a GOAWAY, a reset, a deadline: tonic's own codes for them.
        Code::Unknown | Code::Cancelled | Code::Internal | Code::DeadlineExceeded => true,
        // The server cannot now: it shuts down, it is full, it is behind the broker.
        Code::Unavailable | Code::ResourceExhausted | Code::Aborted => true,
        // The request is wrong at every server, or the messages are gone for all of them.
        _ => false,
    }
}
// ANCHOR_END: worth
