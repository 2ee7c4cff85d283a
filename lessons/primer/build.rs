//! Turns greeter.proto into Rust: the messages, the client, and the trait that the server implements.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    // protox is a protobuf compiler in Rust, so there is no protoc to install.
    let descriptors = protox::compile(["greeter.proto"], ["proto"])?;
    tonic_prost_build::compile_fds(descriptors)?;
    Ok(())
}
