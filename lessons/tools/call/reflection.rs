//! Asks a server what it offers.

use std::collections::BTreeMap;

use prost_reflect::prost::Message;
use prost_reflect::prost_types::FileDescriptorProto;
use prost_reflect::{DescriptorPool, ServiceDescriptor};
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};
use tonic_reflection::pb::v1alpha::server_reflection_client::ServerReflectionClient as AlphaClient;

/// The services' full names, sorted.
pub async fn services(channel: Channel) -> Result<Vec<String>, Status> {
    let MessageResponse::ListServicesResponse(list) =
        ask(channel, MessageRequest::ListServices(String::new())).await?
    else {
        return Err(Status::internal("another answer than a list of services"));
    };
    let mut names: Vec<String> = list
        .service
        .into_iter()
        .map(|service| service.name)
        .collect();
    names.sort();
    Ok(names)
}

/// A service with its messages, from the server's own description.
///
/// A server may answer with one file and leave it to the client to ask for what that file imports.
pub async fn service(channel: Channel, name: &str) -> Result<ServiceDescriptor, Status> {
    let mut files: BTreeMap<String, FileDescriptorProto> = BTreeMap::new();
    let mut missing = Some(MessageRequest::FileContainingSymbol(name.to_owned()));
    while let Some(request) = missing {
        let asked = format!("{request:?}");
        let known = files.len();
        for file in described(channel.clone(), request).await? {
            files.entry(file.name().to_owned()).or_insert(file);
        }
        if files.len() == known {
            let text = format!("the server does not describe what it imports: {asked}");
            return Err(Status::internal(text));
        }
        let mut imports = files.values().flat_map(|file| &file.dependency);
        let import = imports.find(|import| !files.contains_key(*import));
        missing = import.map(|import| MessageRequest::FileByFilename(import.clone()));
    }
    let mut pool = DescriptorPool::new();
    pool.add_file_descriptor_protos(files.into_values())
        .map_err(|error| Status::internal(format!("a broken descriptor: {error}")))?;
    pool.get_service_by_name(name)
        .ok_or_else(|| Status::not_found(name.to_owned()))
}

/// The files with which the server answers.
async fn described(
    channel: Channel,
    request: MessageRequest,
) -> Result<Vec<FileDescriptorProto>, Status> {
    let MessageResponse::FileDescriptorResponse(files) = ask(channel, request).await? else {
        return Err(Status::internal("another answer than a file"));
    };
    let files = files.file_descriptor_proto.iter().map(|bytes| {
        FileDescriptorProto::decode(bytes.as_slice())
            .map_err(|error| Status::internal(format!("a broken descriptor: {error}")))
    });
    files.collect()
}

async fn ask(channel: Channel, request: MessageRequest) -> Result<MessageResponse, Status> {
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(request),
    };
    let answer = match ask_v1(channel.clone(), request.clone()).await {
        // Servers of before 2023 have the service under its first name alone.
        Err(status) if status.code() == Code::Unimplemented => {
            ask_v1alpha(channel, &request).await?
        }
        answer => answer?,
    };
    match answer.and_then(|answer| answer.message_response) {
        Some(MessageResponse::ErrorResponse(error)) => Err(Status::new(
            Code::from_i32(error.error_code),
            error.error_message,
        )),
        Some(answer) => Ok(answer),
        None => Err(Status::internal("reflection did not answer")),
    }
}

async fn ask_v1(
    channel: Channel,
    request: ServerReflectionRequest,
) -> Result<Option<ServerReflectionResponse>, Status> {
    let mut answers = ServerReflectionClient::new(channel)
        .server_reflection_info(futures::stream::iter([request]))
        .await?
        .into_inner();
    answers.message().await
}

/// The messages of v1 are those of v1alpha under another package, so their bytes are the same
/// (grpc/reflection/v1/reflection.proto).
async fn ask_v1alpha(
    channel: Channel,
    request: &ServerReflectionRequest,
) -> Result<Option<ServerReflectionResponse>, Status> {
    let mut answers = AlphaClient::new(channel)
        .server_reflection_info(futures::stream::iter([same_bytes(request)?]))
        .await?
        .into_inner();
    let answer = answers.message().await?;
    answer.map(|answer| same_bytes(&answer)).transpose()
}

fn same_bytes<T: Message + Default>(message: &impl Message) -> Result<T, Status> {
    T::decode(message.encode_to_vec().as_slice())
        .map_err(|error| Status::internal(format!("reflection answered something else: {error}")))
}
