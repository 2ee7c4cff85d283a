//! The types of messages, as the server's reflection or `.proto` files describe them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use prost_reflect::{
    DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions, ServiceDescriptor,
};
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
        let mut types = Self::default();
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
            types.add(&service);
        }
        Ok(types)
    }

    /// The types in these files. An import is looked for in the folders first, and then beside the files.
    ///
    /// # Errors
    /// What is wrong with which file, in words.
    pub(super) fn in_files(files: &[PathBuf], folders: &[PathBuf]) -> Result<Self, String> {
        let beside = files.iter().map(|file| match file.parent() {
            Some(folder) if folder != Path::new("") => folder.to_owned(),
            _ => PathBuf::from("."),
        });
        let folders: Vec<PathBuf> = folders.iter().cloned().chain(beside).collect();
        // With `{:?}` protox says the line, too.
        let described = protox::compile(files, folders)
            .map_err(|error| format!("the types cannot be read: {error:?}"))?;
        let pool = DescriptorPool::from_file_descriptor_set(described)
            .map_err(|error| format!("the types cannot be read: {error}"))?;
        let mut types = Self::default();
        for service in pool.services() {
            types.add(&service);
        }
        Ok(types)
    }

    fn add(&mut self, service: &ServiceDescriptor) {
        for method in service.methods() {
            let path = format!("/{}/{}", service.full_name(), method.name());
            self.0.insert(path, (method.input(), method.output()));
        }
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
