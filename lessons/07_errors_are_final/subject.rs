//! The exercise, as its check uses it.

use super::check::Subject;
use super::exercise::create_users;

pub const SUBJECT: Subject = |directory, users| Box::pin(create_users(directory, users));
