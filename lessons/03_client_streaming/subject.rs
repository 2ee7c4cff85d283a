//! The exercise, as its check uses it.

use super::check::Subject;
use super::exercise::upload;

pub const SUBJECT: Subject = |client, file| Box::pin(upload(client, file));
