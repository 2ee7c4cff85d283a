//! The exercise, as its check uses it.

use super::check::Subject;
use super::exercise::tests;

pub const SUBJECT: Subject = tests;
