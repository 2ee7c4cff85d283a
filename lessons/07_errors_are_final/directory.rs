//! What the service asks a directory for, and what can be wrong. It knows nothing of gRPC.

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
    /// The directory has too much to do, and will have time again then.
    Busy { again_in: Duration },
    /// The directory is broken. `cause` is meant for whoever repairs it.
    Broken { cause: String },
}

/// For the log. Not every word of it is for a client.
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
