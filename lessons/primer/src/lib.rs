//! What the build script has generated from `proto/greeter.proto`.

tonic::include_proto!("greeter.v1");
