//! Which codes are worth a retry.

use tonic::Code;

// ANCHOR: worth
/// Whether the same call may succeed later. Reading a log changes nothing, so it is always safe to repeat.
pub fn is_worth_a_retry(code: Code) -> bool {
    match code {
        // A broken connection, a GOAWAY, a reset, a deadline: tonic's own codes for them.
        Code::Unknown | Code::Cancelled | Code::Internal | Code::DeadlineExceeded => true,
        // The server cannot now: it is going down, it is too busy, a transaction was aborted.
        Code::Unavailable | Code::ResourceExhausted | Code::Aborted => true,
        // The request is wrong and will be wrong, the position is no longer kept, or data are lost.
        Code::InvalidArgument | Code::OutOfRange | Code::DataLoss => false,
        Code::NotFound | Code::AlreadyExists | Code::FailedPrecondition => false,
        Code::PermissionDenied | Code::Unauthenticated | Code::Unimplemented => false,
        Code::Ok => false,
    }
}
// ANCHOR_END: worth
