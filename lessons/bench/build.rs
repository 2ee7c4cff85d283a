//! Turns the protos that are measured into Rust.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=../../proto");
    let protos = [
        "stream/v1/stream.proto",
        "stream/v1/points.proto",
        "files/v1/files.proto",
    ];
    tonic_prost_build::configure().compile_fds(protox::compile(protos, ["../../proto"])?)?;
    Ok(())
}
