//! The exercise, as its check calls it.

use super::check::Subject;
use super::exercise::follow;

pub const SUBJECT: Subject =
    |channel, source, patience, show| Box::pin(follow(channel, source, patience, show));
