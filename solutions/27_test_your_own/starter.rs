//! Exercise 27: this time you write the tests.
//!
//! The service is `StreamService`, as `service.rs` has it; `promise.rs` says what it promises. Write a test for
//! each promise. A test gets a lab and a server, and returns `Ok` where the promise is kept and an error where it is not:
//! - It passes for every server that keeps its promises. Some of them need a moment, or use other words, and
//!   one is far away. A promise that says *a second* leaves that much time.
//! - It fails for a server that breaks the promise, and passes for one that breaks only another.
//! - It does not panic. A panic of the test and one of the server would look alike.
//! - It takes no more than five minutes of virtual time, and in no four of them does nothing happen.
//!
//! Green means that your tests find the faults of these servers. It does not mean that they check all of each promise.
//!
//! `server.serve(&lab)` starts the server, and returns what you may look at: `made()`, how many points its
//! sources have made, and `stored()`, the sums of the uploads that it has stored. List takes a name, which its points get, and
//! a value: how many points come, 0 for no end, and -3 for DataLoss after 3. One comes every 100 ms. The name
//! "uploads" asks for what is uploaded from now on. An upload ends with a point named "end", whose value is
//! the number of points before it; 1,000 are the most.
//!
//! Check it:     cargo run --bin lesson27 -- check

use workbook::lab::Lab;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest};

use super::promise::{Promise, TestResult, Tests};
use super::servers::UnderTest;

/// A test for each promise.
pub fn tests() -> Tests {
    Tests::new()
        .test(Promise::Stored, stored)
        .test(Promise::Broken, broken)
        .test(Promise::Freed, freed)
        .test(Promise::Bounded, bounded)
        .test(Promise::Answered, answered)
        .test(Promise::Deadline, deadline)
        .test(Promise::Neighbours, neighbours)
        .test(Promise::Vanished, vanished)
}

/// What the calls send.
fn point(name: &str, value: i32) -> StreamRequest {
    let name = name.to_owned();
    StreamRequest {
        pt: Some(StreamPoint { name, value }),
    }
}

async fn stored(lab: Lab, server: UnderTest) -> TestResult {
    let station = server.serve(&lab);
    let mut client = StreamServiceClient::new(lab.channel().await?);
    let upload = [point("one", 1), point("two", 2), point("end", 2)];
    let whole = futures::stream::iter(upload);
    client.record(whole).await?;
    if station.stored() != [3] {
        Err("a whole upload was not stored")?;
    }
    todo!("uploads that end in other ways")
}

async fn broken(_lab: Lab, _server: UnderTest) -> TestResult {
    todo!("a List whose source breaks")
}

async fn freed(_lab: Lab, _server: UnderTest) -> TestResult {
    todo!("a client that disconnects")
}

async fn bounded(_lab: Lab, _server: UnderTest) -> TestResult {
    todo!("a client that does not read")
}

async fn answered(_lab: Lab, _server: UnderTest) -> TestResult {
    todo!("a client that waits for each answer")
}

async fn deadline(_lab: Lab, _server: UnderTest) -> TestResult {
    todo!("a call with a timeout")
}

async fn neighbours(_lab: Lab, _server: UnderTest) -> TestResult {
    todo!("two subscribers, one of which does not read")
}

async fn vanished(_lab: Lab, _server: UnderTest) -> TestResult {
    todo!("a client that vanishes")
}
