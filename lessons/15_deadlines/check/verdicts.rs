//! How a call ended, and whether it ended in the right instant.

use std::time::Duration;

use tonic::{Code, Status};
use workbook::grade::{Verdict, ensure};

use super::peers::{Listed, SECOND};

pub fn is_too_late(listed: &Listed, what: &str, after: Duration) -> Verdict {
    let seconds = after.as_secs_f64();
    let is_deadline = listed
        .result
        .as_ref()
        .is_err_and(|status| status.code() == Code::DeadlineExceeded);
    ensure(is_deadline, || {
        let took = listed.took.as_secs_f64();
        let got = said(&listed.result);
        let whose = match &listed.result {
            Err(status) if status.message() == TIMER => {
                ", which is the status of tonic's own timer"
            }
            _ => "",
        };
        format!("{what}: it returned {got} after {took} s{whose}")
    })?;
    let slack = SECOND / 100;
    ensure(
        listed.took + slack >= after && listed.took <= after + slack,
        || {
            let took = listed.took.as_secs_f64();
            format!("{what}: it ended after {took} s instead of {seconds} s")
        },
    )
}

/// The status message of tonic's timers, at the client and at the server.
pub const TIMER: &str = "Timeout expired";

pub fn said(result: &Result<(), Status>) -> String {
    match result {
        Ok(()) => "Ok".to_owned(),
        Err(status) => format!("{:?} {:?}", status.code(), status.message()),
    }
}
