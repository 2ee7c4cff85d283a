//! The exercise, as its check calls it.

use super::check::Subject;
use super::exercise::chat;

pub const SUBJECT: Subject =
    |client, user_id, lines, show| Box::pin(chat(client, user_id, lines, show));
