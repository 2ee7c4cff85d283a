//! The faulty client: a table of calls, and one task that sorts the answers.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{ReadHalf, WriteHalf, split};
use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;
use tokio_util::codec::{FramedRead, FramedWrite};
use workbook::lesson::Stream;

use super::super::frame::{Body, Codec, Frame};
use super::super::sizes::LONGEST_EVER;

/// Items that a bounded queue holds.
const QUEUED: usize = 16;

/// Where the items of a call wait for its reader.
enum Queue {
    Bounded(mpsc::Sender<Bytes>),
    Unbounded(mpsc::UnboundedSender<Bytes>),
}

/// What has not ended yet, by the number of the call.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<BTreeMap<u32, Arc<Queue>>>>);

impl Calls {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Arc<Queue>>> {
        // Nothing that holds the lock can leave the map half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct Client {
    calls: Calls,
    last: u32,
    requests: FramedWrite<WriteHalf<Stream>, Codec>,
}

/// A client, and the future that reads its connection.
pub fn client(stream: Stream) -> (Client, impl Future<Output = ()> + Send) {
    let (read, write) = split(stream);
    let calls = Calls::default();
    let client = Client {
        calls: calls.clone(),
        last: 0,
        requests: FramedWrite::new(write, Codec::new(LONGEST_EVER)),
    };
    (client, sort(read, calls))
}

// ANCHOR: sort
/// Gives each item to the call that it belongs to.
async fn sort(read: ReadHalf<Stream>, calls: Calls) {
    let mut answers = FramedRead::new(read, Codec::new(LONGEST_EVER));
    while let Some(Ok(Frame { call, body })) = answers.next().await {
        let Body::Item(item) = body else { continue };
        if item.is_empty() {
            calls.lock().remove(&call);
            continue;
        }
        let queue = calls.lock().get(&call).cloned();
        // An error says that the call's reader is gone, and that is not our business.
        match queue.as_deref() {
            Some(Queue::Bounded(queue)) => drop(queue.send(item).await),
            Some(Queue::Unbounded(queue)) => drop(queue.send(item)),
            None => {}
        }
    }
    // The connection is over, and with their queues all calls are.
    calls.lock().clear();
}
// ANCHOR_END: sort

impl Client {
    /// A call whose items wait in a bounded queue.
    pub async fn call(&mut self, method: &str) -> io::Result<mpsc::Receiver<Bytes>> {
        let (queue, items) = mpsc::channel(QUEUED);
        self.begins(method, Queue::Bounded(queue)).await?;
        Ok(items)
    }

    /// The same with a queue that takes all that comes: the fault that the scene `unbounded` shows.
    pub async fn call_unbounded(
        &mut self,
        method: &str,
    ) -> io::Result<mpsc::UnboundedReceiver<Bytes>> {
        let (queue, items) = mpsc::unbounded_channel();
        self.begins(method, Queue::Unbounded(queue)).await?;
        Ok(items)
    }

    /// How many calls are in the table.
    pub fn calls(&self) -> usize {
        self.calls.lock().len()
    }

    async fn begins(&mut self, method: &str, queue: Queue) -> io::Result<()> {
        self.last += 1;
        let call = self.last;
        self.calls.lock().insert(call, Arc::new(queue));
        let body = Body::Request(Bytes::copy_from_slice(method.as_bytes()));
        self.requests.send(Frame { call, body }).await
    }
}
