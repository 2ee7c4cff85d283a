//! Ways to do one thing, and the same way against every server.

use std::error::Error;
use std::pin::Pin;
use std::rc::Rc;

use tokio::runtime::Builder;
use tonic::transport::Channel;

use crate::messages::Sample;
use crate::peers::{self, GRPC_GO};
use crate::taps::Taps;
use crate::target::{Target, connect};

/// One sample of a way.
pub type Run = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Sample>>>>;

/// A way to do it.
pub struct Way {
    pub name: String,
    pub run: Run,
}

/// The servers that run as long as the benchmark.
pub struct Servers {
    pub tonic: Rc<Target>,
    /// tonic's, in a runtime of one thread.
    pub on_one_thread: Rc<Target>,
    pub peers: Vec<Rc<Target>>,
    /// None where no group needs them.
    pub taps: Option<Taps>,
}

/// Most peers are slower than tonic by so much that they get fewer messages; a rate does not depend on that.
pub const FEWER: i32 = 10;

/// Against tonic and each peer: against grpc-go with a client of its own, too.
pub fn compared(
    name: &str,
    servers: &Servers,
    (in_go, count): (&'static str, i32),
    sample: Messages,
) -> Vec<Way> {
    let mut ways = vec![with_channel(name.to_owned(), &servers.tonic, count, sample)];
    for peer in &servers.peers {
        let of_peer = format!("{name}, {}", peer.name);
        if peer.name != GRPC_GO {
            ways.push(with_channel(of_peer, peer, count / FEWER, sample));
            continue;
        }
        ways.push(with_channel(of_peer, peer, count, sample));
        let server = Rc::clone(peer);
        ways.push(way(format!("{name}, {GRPC_GO} on both sides"), move || {
            let server = Rc::clone(&server);
            async move { peers::sample_in_go(in_go, count, server.address()).await }
        }));
    }
    ways
}

pub type Messages = fn(Channel, i32) -> Pin<Box<dyn Future<Output = Sample>>>;

pub fn way<F>(name: String, run: impl Fn() -> F + 'static) -> Way
where
    F: Future<Output = Sample> + 'static,
{
    Way {
        name,
        run: Box::new(move || Box::pin(run())),
    }
}

/// Each sample has a connection of its own.
pub fn with_channel(name: String, target: &Rc<Target>, count: i32, sample: Messages) -> Way {
    let target = Rc::clone(target);
    way(name, move || {
        let target = Rc::clone(&target);
        async move { sample(target.channel().await?, count).await }
    })
}

/// The client's runtime has one thread, and so no task is woken by another thread.
pub fn on_one_thread(name: &str, target: &Target, count: i32, sample: Messages) -> Way {
    let address = target.address().to_owned();
    way(name.to_owned(), move || {
        let address = address.clone();
        // A runtime cannot be started in another one's thread.
        let thread = tokio::task::spawn_blocking(move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            let runtime = runtime.map_err(|error| error.to_string())?;
            let sampled = runtime.block_on(async {
                let channel = connect(&address).await?;
                sample(channel, count).await
            });
            sampled.map_err(|error: Box<dyn Error>| error.to_string())
        });
        async move { Ok(thread.await??) }
    })
}
