//! The lab's broker, and how a server speaks to it. It plays the part of NATS JetStream: a host of its own,
//! so that the link to it can be cut, and it can crash and come back with what it has kept.

use futures::stream::{BoxStream, StreamExt as _};
use tokio::sync::OnceCell;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, async_trait};
use workbook::proto::broker::broker_service_client::BrokerServiceClient;
use workbook::proto::broker::broker_service_server::{BrokerService, BrokerServiceServer};
use workbook::proto::broker::{ConsumeRequest, GetStateRequest, GetStateResponse};
use workbook::proto::broker::{Message as Kept, PublishRequest, PublishResponse};
use workbook::{HostRouter, Network};

use super::broker::Broker;
use super::in_process::InProcess;
use super::log::listen;
use super::rooms::{Ears, Message, Rooms as _};

/// The broker's host.
pub const BROKER: &str = "broker";

/// The broker. Its rooms are its disk: they outlive a crash.
struct Host(InProcess);

pub fn serve(network: &Network, disk: &InProcess) -> HostRouter {
    Server::builder()
        .layer(network.layer())
        .add_service(BrokerServiceServer::new(Host(disk.clone())))
}

#[async_trait]
impl BrokerService for Host {
    type ConsumeStream = BoxStream<'static, Result<Kept, Status>>;

    async fn publish(
        &self,
        request: Request<PublishRequest>,
    ) -> Result<Response<PublishResponse>, Status> {
        let PublishRequest { room, id, text } = request.into_inner();
        let sequence = self.0.say(&room, &id, &text).await?;
        Ok(Response::new(PublishResponse { sequence }))
    }

    async fn get_state(
        &self,
        request: Request<GetStateRequest>,
    ) -> Result<Response<GetStateResponse>, Status> {
        let (first, newest) = self.0.room(&request.into_inner().room)?.state();
        Ok(Response::new(GetStateResponse { first, newest }))
    }

    async fn consume(
        &self,
        request: Request<ConsumeRequest>,
    ) -> Result<Response<Self::ConsumeStream>, Status> {
        let ConsumeRequest { room, from } = request.into_inner();
        let messages = listen(self.0.room(&room)?, Some(from.saturating_sub(1)))?;
        let kept = |Message { sequence, text }| Kept { sequence, text };
        let messages = messages.map(move |message| message.map(kept));
        Ok(Response::new(messages.boxed()))
    }
}

/// The lab's broker, as a server sees it.
pub struct LabBroker {
    network: Network,
    channel: OnceCell<Channel>,
}

impl LabBroker {
    pub fn new(network: &Network) -> Self {
        Self {
            network: network.clone(),
            channel: OnceCell::new(),
        }
    }

    /// One channel, which connects again by itself.
    async fn client(&self) -> Result<BrokerServiceClient<Channel>, Status> {
        let connect = async || {
            let endpoint = self.network.endpoint(BROKER)?;
            Ok(endpoint.connect_with_connector_lazy(self.network.connector()))
        };
        let channel = self.channel.get_or_try_init(connect).await;
        let channel = channel
            .map_err(|failure: workbook::Failure| Status::unavailable(failure.to_string()))?;
        Ok(BrokerServiceClient::new(channel.clone()))
    }
}

#[async_trait]
impl Broker for LabBroker {
    async fn publish(&self, room: &str, id: &str, text: &str) -> Result<u64, Status> {
        let (room, id, text) = (room.to_owned(), id.to_owned(), text.to_owned());
        let mut client = self.client().await?;
        let kept = client.publish(PublishRequest { room, id, text }).await?;
        Ok(kept.into_inner().sequence)
    }

    async fn state(&self, room: &str) -> Result<(u64, u64), Status> {
        let room = room.to_owned();
        let mut client = self.client().await?;
        let state = client.get_state(GetStateRequest { room }).await?;
        let GetStateResponse { first, newest } = state.into_inner();
        Ok((first, newest))
    }

    async fn consume(&self, room: &str, from: u64) -> Result<Ears, Status> {
        let room = room.to_owned();
        let mut client = self.client().await?;
        let kept = client.consume(ConsumeRequest { room, from }).await?;
        let message = |Kept { sequence, text }| Message { sequence, text };
        let messages = kept.into_inner();
        Ok(messages.map(move |kept| kept.map(message)).boxed())
    }
}
