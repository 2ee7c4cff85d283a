//! One call to a room, without anything that a good client does.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};
use workbook::proto::rooms::room_service_client::RoomServiceClient;
use workbook::proto::rooms::{Beat, Enter, FromRoom, LoginRequest, ToRoom, to_room};

/// Requests that wait for the connection. More than a scene sends at once.
const REQUESTS: usize = 16;

/// Sends into the call. Dropping it leaves.
pub struct Says(mpsc::Sender<ToRoom>);

impl Says {
    pub async fn say(&self, text: impl Into<String>) {
        self.send(to_room::Kind::Say(text.into())).await;
    }

    pub async fn beat(&self) {
        self.send(to_room::Kind::Beat(Beat {})).await;
    }

    async fn send(&self, kind: to_room::Kind) {
        // Fails when the call has ended, which the response tells.
        let _ = self.0.send(ToRoom { kind: Some(kind) }).await;
    }
}

/// Joins the lobby.
pub async fn join(
    channel: Channel,
    name: &str,
    after: Option<u64>,
) -> Result<(Says, Streaming<FromRoom>), Status> {
    let mut client = RoomServiceClient::new(channel);
    let name = name.to_owned();
    let token = client
        .login(LoginRequest { name })
        .await?
        .into_inner()
        .token;
    let (requests, taken) = mpsc::channel(REQUESTS);
    let says = Says(requests);
    let room = "lobby".to_owned();
    says.send(to_room::Kind::Enter(Enter { room, after })).await;
    let mut request = Request::new(ReceiverStream::new(taken));
    let bearer = MetadataValue::try_from(format!("Bearer {token}"));
    let bearer = bearer.map_err(|_| Status::internal("the token is no metadata"))?;
    request.metadata_mut().insert("authorization", bearer);
    Ok((says, client.join(request).await?.into_inner()))
}
