//! The exercise, as its check calls it.

use super::check::Subject;
use super::exercise::{run, told};

pub const SUBJECT: Subject = Subject {
    told,
    run: |router, incoming, ends, signal| Box::pin(run(router, incoming, ends, signal)),
};
