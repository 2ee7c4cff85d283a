//! Turns the files below `proto/` into Rust, with protox: there is no protoc to install.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;

/// One service a file; the path repeats the protobuf package.
const PROTOS: &[&str] = &[
    "greeter/v1/greeter.proto",
    "stream/v1/stream.proto",
    "stream/v1/points.proto",
    "users/v1/users.proto",
    "stocks/v1/stocks.proto",
    "stocks/v1/trades.proto",
    "stocks/v1/quotes.proto",
    "files/v1/files.proto",
    "files/v1/transfer.proto",
    "chat/v1/chat.proto",
    "events/v1/events.proto",
    "forum/v1/forum.proto",
    "broker/v1/broker.proto",
    "rooms/v1/rooms.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let descriptors = protox::compile(PROTOS, ["proto"])?;

    // Server reflection answers from this file: it is how grpcurl learns what a server offers.
    let out_dir = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out_dir.join("descriptors.bin"), descriptors.encode_to_vec())?;

    // The crate is not published, so the generated code may use what its one compiler knows.
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}
