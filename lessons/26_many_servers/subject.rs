//! The exercise, as its check uses it.

use super::check::Subject;
use super::exercise::follow;

pub const SUBJECT: Subject = |servers, inbox| Box::pin(follow(servers, inbox));
