//! One call of any kind: all four are streams in both directions, with one message or many.

use std::future::pending;
use std::io::{Read, Write};
use std::pin::Pin;
use std::thread;

use futures::Stream;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Request;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue, MetadataMap};
use tonic::transport::Channel;

use super::arguments::{Arguments, Data};
use super::dynamic::DynamicCodec;
use super::printing::json;
use super::requests::requests;
use super::{Failed, print, reflection};

/// Messages from standard input that may wait for the connection. Typing is slower than sending, and
/// a pipe waits.
const READ_AHEAD: usize = 16;

type Requests = Pin<Box<dyn Stream<Item = DynamicMessage> + Send>>;

pub(super) async fn invoke(
    channel: Channel,
    name: &str,
    arguments: &Arguments,
    stdin: impl Read + Send + 'static,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let failed = |why: String| Failed::Before(format!("Error invoking method \"{name}\": {why}"));
    let bad_data = |why: String| failed(format!("error getting request data: {why}"));
    let method = find(channel.clone(), name).await.map_err(failed)?;

    let (unreadable, stopped) = oneshot::channel();
    let messages: Requests = match &arguments.data {
        Data::Stdin if method.is_client_streaming() => while_it_is_read(stdin, &method, unreadable),
        Data::Stdin => at_once(stdin, &method).map_err(bad_data)?,
        Data::Text(text) => at_once(text.as_bytes(), &method).map_err(bad_data)?,
        Data::None => at_once(&b""[..], &method).map_err(bad_data)?,
    };
    let mut request = Request::new(messages);
    add_headers(request.metadata_mut(), &arguments.headers).map_err(failed)?;
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let path = PathAndQuery::try_from(path).map_err(|error| failed(error.to_string()))?;

    let call = async {
        let mut client = Grpc::new(channel);
        client
            .ready()
            .await
            .map_err(|error| failed(error.to_string()))?;
        let response = client
            .streaming(request, path, DynamicCodec(method.output()))
            .await
            .map_err(Failed::Call)?;
        let mut messages = response.into_inner();
        while let Some(message) = messages.message().await.map_err(Failed::Call)? {
            print(
                out,
                &json(&message, arguments.emit_defaults).map_err(failed)?,
            )?;
        }
        Ok(())
    };
    tokio::select! {
        biased;
        why = why_unreadable(stopped) => Err(bad_data(why)),
        done = call => done,
    }
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

/// All messages, read before the call. A method that takes one message gets an empty one where
/// there is no data.
fn at_once(data: impl Read, method: &MethodDescriptor) -> Result<Requests, String> {
    let mut messages = requests(data, method.input()).collect::<Result<Vec<_>, _>>()?;
    if !method.is_client_streaming() {
        let kind = if method.is_server_streaming() {
            "server-streaming"
        } else {
            "unary"
        };
        match messages.len() {
            0 => messages.push(DynamicMessage::new(method.input())),
            1 => {}
            _ => {
                return Err(format!(
                    "method \"{}\" is a {kind} RPC, but request data contained more than 1 message",
                    method.full_name()
                ));
            }
        }
    }
    Ok(Box::pin(futures::stream::iter(messages)))
}

/// Each message as soon as it has been typed. The thread ends with the input, with the call, or
/// with the first thing that is no message.
fn while_it_is_read(
    data: impl Read + Send + 'static,
    method: &MethodDescriptor,
    unreadable: oneshot::Sender<String>,
) -> Requests {
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    let input = method.input();
    thread::spawn(move || {
        for message in requests(data, input) {
            match message {
                Ok(message) => {
                    if sender.blocking_send(message).is_err() {
                        return;
                    }
                }
                Err(why) => {
                    // The receiver has gone when the call has ended.
                    let _ = unreadable.send(why);
                    return;
                }
            }
        }
    });
    Box::pin(ReceiverStream::new(receiver))
}

async fn why_unreadable(stopped: oneshot::Receiver<String>) -> String {
    match stopped.await {
        Ok(why) => why,
        // Everything could be read.
        Err(_) => pending().await,
    }
}

fn add_headers(metadata: &mut MetadataMap, headers: &[(String, String)]) -> Result<(), String> {
    for (key, value) in headers {
        let key = AsciiMetadataKey::from_bytes(key.as_bytes())
            .map_err(|error| format!("-H {key}: {error}"))?;
        let value =
            AsciiMetadataValue::try_from(value).map_err(|error| format!("-H {key}: {error}"))?;
        metadata.append(key, value);
    }
    Ok(())
}
