//! The exercise, as its check and `serve --mine` use it.

use std::sync::Arc;

use super::check::{Allowed, Served, Subject};
use super::exercise::{Admission, Limits, server};

pub const SUBJECT: Subject = |allowed, feed| {
    let Allowed {
        in_all,
        per_client,
        retry_after,
    } = allowed;
    let limits = Limits {
        in_all,
        per_client,
        retry_after,
    };
    let admission = Arc::new(Admission::new(limits, feed));
    Served {
        router: server(Arc::clone(&admission)),
        clients: Box::new(move || admission.clients()),
    }
};
