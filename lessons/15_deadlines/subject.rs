//! The exercise, as its check uses it.

use super::check::Subject;
use super::exercise::{Limits, list};

pub const SUBJECT: Subject = |channel, request, (total, idle), show| {
    Box::pin(list(channel, request, Limits { total, idle }, show))
};
