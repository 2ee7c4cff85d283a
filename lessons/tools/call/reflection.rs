//! Asks a server what it offers.

use prost_reflect::prost::Message as _;
use prost_reflect::prost_types::FileDescriptorProto;
use prost_reflect::{DescriptorPool, ServiceDescriptor};
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

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
pub async fn service(channel: Channel, name: &str) -> Result<ServiceDescriptor, Status> {
    let request = MessageRequest::FileContainingSymbol(name.to_owned());
    let MessageResponse::FileDescriptorResponse(files) = ask(channel, request).await? else {
        return Err(Status::internal("another answer than a file"));
    };
    let mut pool = DescriptorPool::new();
    let files = files.file_descriptor_proto.iter().map(|bytes| {
        FileDescriptorProto::decode(bytes.as_slice())
            .map_err(|error| Status::internal(format!("a broken descriptor: {error}")))
    });
    pool.add_file_descriptor_protos(files.collect::<Result<Vec<_>, _>>()?)
        .map_err(|error| Status::internal(format!("a broken descriptor: {error}")))?;
    pool.get_service_by_name(name)
        .ok_or_else(|| Status::not_found(name.to_owned()))
}

async fn ask(channel: Channel, request: MessageRequest) -> Result<MessageResponse, Status> {
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(request),
    };
    let mut answers = ServerReflectionClient::new(channel)
        .server_reflection_info(futures::stream::iter([request]))
        .await?
        .into_inner();
    let answer = answers
        .message()
        .await?
        .and_then(|answer| answer.message_response);
    match answer {
        Some(MessageResponse::ErrorResponse(error)) => Err(Status::new(
            Code::from_i32(error.error_code),
            error.error_message,
        )),
        Some(answer) => Ok(answer),
        None => Err(Status::internal("reflection did not answer")),
    }
}
