//! The exercise, as its check uses it.

use super::check::Subject;
use super::exercise::send;

pub const SUBJECT: Subject = |client, points| Box::pin(send(client, points));
