//! The exercise, as its check uses it.

use super::check::Subject;
use super::exercise::upload;

pub const SUBJECT: Subject =
    |client, name, source, progress| Box::pin(upload(client, name, source, progress));
