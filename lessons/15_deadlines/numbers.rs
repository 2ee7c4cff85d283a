//! The stream of this lesson: ten numbers at a fixed pace, with a pause on request.

use std::time::Duration;

use futures::stream::{BoxStream, StreamExt as _};
use tokio::time::{interval, sleep};
use tokio_stream::wrappers::IntervalStream;
use tonic::Status;
use workbook::proto::stream::{StreamPoint, StreamResponse};

/// The time between two numbers.
const TICK: Duration = Duration::from_millis(100);
/// How many there are.
const COUNT: usize = 10;
/// After the third number, if the client asks for it.
const PAUSE: Duration = Duration::from_millis(500);

/// One item of the response stream.
pub type Item = Result<StreamResponse, Status>;

pub fn numbers(with_pause: bool) -> BoxStream<'static, Item> {
    let mut ticks = interval(TICK);
    // The first tick of an interval is now.
    ticks.reset();
    let numbers = IntervalStream::new(ticks)
        .zip(futures::stream::iter(1_i32..))
        .take(COUNT);
    numbers
        .then(move |(_, value)| async move {
            if with_pause && value == 4 {
                sleep(PAUSE).await;
            }
            let pt = Some(StreamPoint {
                name: "number".to_owned(),
                value,
            });
            Ok(StreamResponse { pt })
        })
        .boxed()
}
