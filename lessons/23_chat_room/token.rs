//! Who a client is, and for how long that is believed.

use std::time::Duration;

use tokio::time::Instant;
use tonic::Status;
use tonic::metadata::MetadataMap;

use super::limits::is_name;

// ANCHOR: token
/// A name that was proved, and when the proof expires.
#[derive(Debug, Clone)]
pub struct Proved {
    pub name: String,
    pub expires: Instant,
}

/// Issues tokens, and checks them.
///
/// Not secure, on purpose: a token is `NAME.MILLISECONDS`, counted from when the server began, and
/// every client can write one. At work it is signed by your identity provider, and `check` verifies the signature.
#[derive(Debug, Clone, Copy)]
pub struct Tokens {
    began: Instant,
    lasts: Duration,
}

impl Tokens {
    pub fn new(lasts: Duration) -> Self {
        let began = Instant::now();
        Self { began, lasts }
    }

    pub fn lasts(&self) -> Duration {
        self.lasts
    }

    pub fn issue(&self, name: &str) -> Result<String, Status> {
        if !is_name(name) {
            let rule = "a name has 1 to 32 letters, digits, - and _";
            return Err(Status::invalid_argument(rule));
        }
        let expires = (self.began.elapsed() + self.lasts).as_millis();
        Ok(format!("{name}.{expires}"))
    }

    pub fn check(&self, token: &str) -> Result<Proved, Status> {
        let proved = token.split_once('.').and_then(|(name, expires)| {
            let expires = Duration::from_millis(expires.parse().ok()?);
            let expires = self.began.checked_add(expires)?;
            is_name(name).then(|| Proved {
                name: name.to_owned(),
                expires,
            })
        });
        let proved = proved.ok_or_else(|| Status::unauthenticated("this is no token"))?;
        if proved.expires <= Instant::now() {
            return Err(expired());
        }
        Ok(proved)
    }

    /// The token of a call.
    pub fn of(&self, metadata: &MetadataMap) -> Result<Proved, Status> {
        let header = metadata.get("authorization");
        let token = header
            .and_then(|header| header.to_str().ok())
            .and_then(|header| header.strip_prefix("Bearer "));
        let missing = "send the metadata \"authorization: Bearer TOKEN\"; Login gives a token";
        self.check(token.ok_or_else(|| Status::unauthenticated(missing))?)
    }
}
// ANCHOR_END: token

pub fn expired() -> Status {
    Status::unauthenticated("the token has expired")
}
