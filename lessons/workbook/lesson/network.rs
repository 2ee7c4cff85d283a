//! Where a scene's client finds its server.

use std::time::Duration;

use tonic::transport::{Channel, Endpoint};

use super::Failure;
use super::tcp::Dialer;
use crate::lab::Lab;
use crate::transcript::InSpan;

/// Given to a scene's client: the way to the server, be it in the lab or elsewhere.
#[derive(Clone)]
pub struct Network {
    place: Place,
}

#[derive(Clone)]
enum Place {
    Lab(Lab),
    Tcp(Dialer),
}

/// How long a TCP connect may take. A lab's connect takes no time at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

impl Network {
    pub(super) fn lab(lab: Lab) -> Self {
        Self {
            place: Place::Lab(lab),
        }
    }

    pub(super) fn tcp(dialer: Dialer) -> Self {
        Self {
            place: Place::Tcp(dialer),
        }
    }

    /// A channel to the server, connected.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn channel(&self) -> Result<Channel, Failure> {
        self.channel_with(|endpoint| endpoint).await
    }

    /// The same with settings of the scene's own: windows, keepalive, timeouts.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn channel_with(
        &self,
        configure: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Failure> {
        Ok(match &self.place {
            Place::Lab(lab) => lab.channel_with(configure).await?,
            Place::Tcp(dialer) => {
                let endpoint = configure(dialer.endpoint().connect_timeout(CONNECT_TIMEOUT));
                endpoint
                    .executor(InSpan::current())
                    .connect_with_connector(dialer.connector())
                    .await?
            }
        })
    }

    /// The lab, where the scene plays in one: for faults and the leak meter.
    #[must_use]
    pub fn in_lab(&self) -> Option<&Lab> {
        match &self.place {
            Place::Lab(lab) => Some(lab),
            Place::Tcp(_) => None,
        }
    }
}
