//! Connects the exercise to its server: each `connect` opens a connection of its own.

use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::lab::Lab;

/// Where the server is.
#[derive(Clone)]
pub struct Network {
    lab: Lab,
}

impl Network {
    pub fn new(lab: &Lab) -> Self {
        Self { lab: lab.clone() }
    }

    /// Opens one more connection, configured by `configure`.
    ///
    /// # Errors
    /// Unavailable when no server listens.
    pub async fn connect(
        &self,
        configure: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Status> {
        let channel = self.lab.channel_with(configure).await;
        channel.map_err(|_| Status::unavailable("no server listens there"))
    }
}
