//! The types of messages, as the server's reflection describes them.

use std::collections::HashMap;

use prost_reflect::{DynamicMessage, MessageDescriptor, SerializeOptions};
use serde_json::Value;
use streaming_lab::wire::Direction;
use tonic::Status;
use tonic::transport::Channel;

use crate::call::reflection;

/// The package of reflection, in all its versions.
const REFLECTION: &str = "grpc.reflection.";

/// Request and response type of each method, by its path.
#[derive(Default)]
pub(super) struct Types(HashMap<String, (MessageDescriptor, MessageDescriptor)>);

impl Types {
    /// Asks the server about all its services.
    pub(super) async fn of(channel: Channel) -> Result<Self, Status> {
        let mut types = HashMap::new();
        let names = reflection::services(channel.clone()).await?;
        // What reflection itself answers are descriptors, which as JSON are pages of base64.
        for name in names
            .into_iter()
            .filter(|name| !name.starts_with(REFLECTION))
        {
            // A server may list a service that it does not describe.
            let Ok(service) = reflection::service(channel.clone(), &name).await else {
                continue;
            };
            for method in service.methods() {
                let path = format!("/{name}/{}", method.name());
                types.insert(path, (method.input(), method.output()));
            }
        }
        Ok(Self(types))
    }

    /// Whether the messages of that method can be read.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// A message as JSON, without the fields that have their default; `None` where it does not fit its
    /// type.
    pub(super) fn json(&self, path: &str, direction: Direction, bytes: &[u8]) -> Option<Value> {
        let (request, response) = self.0.get(path)?;
        let kind = match direction {
            Direction::ToServer => request,
            Direction::ToClient => response,
        };
        let message = DynamicMessage::decode(kind.clone(), bytes).ok()?;
        let options = SerializeOptions::new();
        message
            .serialize_with_options(serde_json::value::Serializer, &options)
            .ok()
    }
}
