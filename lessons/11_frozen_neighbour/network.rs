//! The way to the server, for the exercise: each `connect` is a connection of its own.

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

    /// Opens one more connection, with the settings of your choice.
    ///
    /// # Errors
    /// Unavailable when nobody listens.
    pub async fn connect(
        &self,
        configure: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Status> {
        let channel = self.lab.channel_with(configure).await;
        channel.map_err(|_| Status::unavailable("nobody listens there"))
    }
}
