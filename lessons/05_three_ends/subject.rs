//! The exercise, as its check and `serve --mine` use it.

use super::check::Subject;
use super::exercise::{read_all, supervised};

pub const SUBJECT: Subject = Subject {
    supervised: |producer| supervised(producer),
    read_all: |numbers| Box::pin(read_all(numbers)),
};
