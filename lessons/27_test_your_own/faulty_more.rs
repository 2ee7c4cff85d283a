//! More servers that break a promise, each in a way that a careless test does not see.

use futures::StreamExt as _;
use futures::future::ready;
use tonic::{Code, Status};
use workbook::proto::stream::StreamPoint;

use super::deadline::until;
use super::service::{Ask, Calls, Sound, points, sum};
use super::station::{Points, Station};

/// Answers an upload with OK, and stores nothing.
pub struct StoresNothing;

#[tonic::async_trait]
impl Calls for StoresNothing {
    async fn keep(&self, _: &Station, upload: Vec<StreamPoint>) -> i32 {
        sum(&upload)
    }
}

/// Ends List with a code that is not its source's.
pub struct ChangesTheCode;

impl Calls for ChangesTheCode {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        let points = points(station, &ask)
            .map(|point| point.map_err(|_| Status::internal("something went wrong")));
        until(ask.deadline, points.boxed())
    }
}

/// Reports its source's error, and not the points that came before it.
pub struct LosesThePoints;

impl Calls for LosesThePoints {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        // Only a source that will break is treated so: a negative value asks for one.
        let breaks = ask.value < 0;
        let points = points(station, &ask);
        let points = points.filter(move |point| ready(!breaks || point.is_err()));
        until(ask.deadline, points.boxed())
    }
}

/// Ends a call at its deadline, as if the client had cancelled it.
pub struct CallsItCancelled;

impl Calls for CallsItCancelled {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        let points = Sound.list(station, ask).map(|point| {
            point.map_err(|status| match status.code() {
                Code::DeadlineExceeded => Status::cancelled("the call is over"),
                _ => status,
            })
        });
        points.boxed()
    }
}
