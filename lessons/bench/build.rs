//! Turns the protos that are measured into Rust.

use std::env;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=../../proto");
    let protos = [
        "stream/v1/stream.proto",
        "stream/v1/points.proto",
        "files/v1/files.proto",
    ];
    tonic_prost_build::configure().compile_fds(protox::compile(protos, ["../../proto"])?)?;
    lean()
}

/// The same service with the codec of `lean.rs`, beside the usual one: a codec belongs to the generated code.
fn lean() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env::var("OUT_DIR")?).join("lean");
    fs::create_dir_all(&folder)?;
    tonic_prost_build::configure()
        .out_dir(folder)
        .build_client(false)
        .extern_path(".stream.v1", "crate::proto::stream")
        .codec_path("crate::lean::Lean")
        .compile_fds(protox::compile(
            ["stream/v1/stream.proto"],
            ["../../proto"],
        )?)?;
    Ok(())
}
