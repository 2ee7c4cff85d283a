//! The exercise, as its check uses it.

use super::check::Subject;
use super::exercise::follow;

pub const SUBJECT: Subject = |client, inbox, jitter| Box::pin(follow(client, inbox, jitter));
