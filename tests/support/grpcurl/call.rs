//! One call of any kind: all four are streams in both directions, with one message or many.

use prost_reflect::{DynamicMessage, MessageDescriptor, MethodDescriptor, SerializeOptions};
use serde_json::Deserializer;
use tonic::Request;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue};
use tonic::transport::Channel;

use super::dynamic::DynamicCodec;
use super::{Arguments, Failed, Printed, reflection};

pub(super) async fn invoke(
    channel: Channel,
    name: &str,
    arguments: &Arguments,
    printed: &mut Printed,
) -> Result<(), Failed> {
    let failed = |why: String| Failed::Before(format!("Error invoking method \"{name}\": {why}"));
    let method = find(channel.clone(), name).await.map_err(failed)?;
    let messages = requests(arguments.data.as_deref(), &method)
        .map_err(|why| failed(format!("error getting request data: {why}")))?;

    let mut request = Request::new(futures::stream::iter(messages));
    for (key, value) in &arguments.headers {
        let key =
            AsciiMetadataKey::from_bytes(key.as_bytes()).map_err(|e| failed(e.to_string()))?;
        let value = AsciiMetadataValue::try_from(value).map_err(|e| failed(e.to_string()))?;
        request.metadata_mut().insert(key, value);
    }
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let path = PathAndQuery::try_from(path).map_err(|error| failed(error.to_string()))?;

    let mut client = Grpc::new(channel);
    client
        .ready()
        .await
        .map_err(|error| failed(error.to_string()))?;
    let codec = DynamicCodec(method.output());
    let response = client
        .streaming(request, path, codec)
        .await
        .map_err(Failed::Call)?;
    let mut messages = response.into_inner();
    while let Some(message) = messages.message().await.map_err(Failed::Call)? {
        let text = json(&message, arguments.emit_defaults).map_err(failed)?;
        printed.text.push_str(&text);
        printed.text.push('\n');
    }
    Ok(())
}

async fn find(channel: Channel, name: &str) -> Result<MethodDescriptor, String> {
    let (service, method) = name
        .rsplit_once(['/', '.'])
        .ok_or_else(|| format!("given method name \"{name}\" is not in expected format"))?;
    let descriptor = reflection::service(channel, service)
        .await
        .map_err(|_| format!("target server does not expose service \"{service}\""))?;
    descriptor
        .methods()
        .find(|found| found.name() == method)
        .ok_or_else(|| {
            format!("service \"{service}\" does not include a method named \"{method}\"")
        })
}

/// The messages in the data, one JSON value after the other. A method that takes one message gets
/// an empty one where there is no data.
fn requests(data: Option<&str>, method: &MethodDescriptor) -> Result<Vec<DynamicMessage>, String> {
    let input = method.input();
    let mut messages = Vec::new();
    for value in Deserializer::from_str(data.unwrap_or_default()).into_iter::<serde_json::Value>() {
        let value = value.map_err(|error| {
            if error.is_eof() {
                "unexpected EOF".to_owned()
            } else {
                error.to_string()
            }
        })?;
        messages.push(message(&input, value)?);
    }
    if messages.is_empty() && !method.is_client_streaming() {
        messages.push(DynamicMessage::new(input));
    }
    Ok(messages)
}

fn message(kind: &MessageDescriptor, value: serde_json::Value) -> Result<DynamicMessage, String> {
    let known = |name: &String| {
        kind.get_field_by_json_name(name)
            .or_else(|| kind.get_field_by_name(name))
            .is_some()
    };
    if let Some(unknown) = value
        .as_object()
        .and_then(|object| object.keys().find(|name| !known(name)))
    {
        return Err(format!(
            "message type {} has no known field named {unknown}",
            kind.full_name()
        ));
    }
    DynamicMessage::deserialize(kind.clone(), value).map_err(|error| error.to_string())
}

/// Two spaces deep, 64-bit numbers as strings, bytes as base64, zeros left out.
fn json(message: &DynamicMessage, emit_defaults: bool) -> Result<String, String> {
    let mut text = Vec::new();
    let mut pretty = serde_json::Serializer::pretty(&mut text);
    let options = SerializeOptions::new().skip_default_fields(!emit_defaults);
    message
        .serialize_with_options(&mut pretty, &options)
        .map_err(|error| error.to_string())?;
    String::from_utf8(text).map_err(|error| error.to_string())
}
