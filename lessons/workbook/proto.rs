//! The services of the course, generated from `proto/` by `build.rs`.
//!
//! The comments on services, methods, messages and fields are those of the proto files; grpcurl's
//! `describe` shows the same ones.

#![allow(
    missing_docs,
    reason = "tonic and prost do not comment the modules and builders they generate"
)]
#![allow(clippy::all, reason = "generated code is not ours to format or lint")]

/// `greeter.v1`: one request, one reply.
pub mod greeter {
    tonic::include_proto!("greeter.v1");
}

/// `stream.v1`: one method for each kind of streaming call, and the same points in four ways.
pub mod stream {
    tonic::include_proto!("stream.v1");
}

/// `users.v1`: a directory of users.
pub mod users {
    tonic::include_proto!("users.v1");
}

/// `stocks.v1`: prices as they are made, trades, and prices with heartbeats.
pub mod stocks {
    tonic::include_proto!("stocks.v1");
}

/// `files.v1`: files in chunks, and transfers that go on where they ended.
pub mod files {
    tonic::include_proto!("files.v1");
}

/// `chat.v1`: conversations.
pub mod chat {
    tonic::include_proto!("chat.v1");
}

/// `events.v1`: a log that is followed from a position.
pub mod events {
    tonic::include_proto!("events.v1");
}

/// `forum.v1`: rooms whose messages are numbered, on however many servers.
pub mod forum {
    tonic::include_proto!("forum.v1");
}

/// `broker.v1`: the logs of the rooms, for their servers.
pub mod broker {
    tonic::include_proto!("broker.v1");
}

/// `rooms.v1`: chat rooms with a history, and who is there.
pub mod rooms {
    tonic::include_proto!("rooms.v1");
}

/// The descriptors of all services, encoded: what server reflection answers from.
pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("descriptors");
