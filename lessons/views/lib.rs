//! Views of a run for those who look at it later: tests, and the book.
//!
//! | module | holds |
//! |---|---|
//! | [`picture`] | a scene as a sequence diagram |
//! | `read` | a run, read from what `--json` has written |

pub mod picture;
mod read;

pub use read::run_from_json;
