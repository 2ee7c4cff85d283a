//! What the service asks a directory for, and what can go wrong. Nothing here depends on gRPC.

use std::fmt;
use std::time::Duration;

use workbook::proto::users::User;

/// Where users are created.
pub trait Directory: Sync {
    /// Creates a user, or says why not.
    fn create(&self, user: User) -> Result<(), Problem>;
}

/// Why a user was not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A field of this user is not right.
    Invalid {
        field: &'static str,
        why: &'static str,
    },
    /// Another user has this id.
    Taken,
    /// There is no room for any more users.
    Full { capacity: usize },
    /// The directory is overloaded, and can accept users again after this time.
    Busy { again_in: Duration },
    /// The directory is broken. `cause` is meant for the operator.
    Broken { cause: String },
}

/// The text for the log. Some of it must not reach a client.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { field, why } => write!(f, "{field} {why}"),
            Self::Taken => write!(f, "another user has this id"),
            Self::Full { capacity } => write!(f, "all {capacity} places are taken"),
            Self::Busy { again_in } => write!(f, "busy for another {again_in:?}"),
            Self::Broken { cause } => write!(f, "broken: {cause}"),
        }
    }
}
