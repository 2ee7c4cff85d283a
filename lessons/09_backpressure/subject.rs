//! The exercise, as its check and `serve --mine` use it.

use super::check::Subject;
use super::exercise;

pub const SUBJECT: Subject = Subject {
    client: exercise::client,
    server: exercise::server,
    chunks: |source| exercise::chunks(source),
};
