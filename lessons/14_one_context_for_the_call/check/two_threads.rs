//! A member that is running on another thread when the group ends it.
//!
//! One thread alone cannot show this: a member that is aborted there is not running, and is dropped in
//! the runtime's next turn. So here one thread runs the members, and another one the group. No clock is
//! involved: the member goes on until the group has had many turns.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::task::Poll;
use std::thread;

use futures::FutureExt as _;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tonic::Status;
use workbook::grade::{Drops, Finding, Verdict, count, ensure};

use super::{AllOrNone, Member};

/// Turns that the group has while the member runs. A group that does not wait for the member returns
/// in far fewer.
const TURNS: usize = 1000;

/// Turns after which the group is no longer held back, if the member does not begin.
const PATIENCE: usize = 100_000;

#[derive(Default)]
struct Stage {
    /// The first member has begun, on the group's thread or on another one.
    begun: AtomicBool,
    is_beside: AtomicBool,
    may_fail: AtomicBool,
    failed: AtomicBool,
    /// The second member runs, without an `.await`.
    runs: AtomicBool,
    /// It may stop running.
    released: AtomicBool,
}

impl Stage {
    fn has(flag: &AtomicBool) -> bool {
        flag.load(Ordering::Acquire)
    }
}

fn set(flag: &AtomicBool) {
    flag.store(true, Ordering::Release);
}

pub fn no_member_is_alive(group: AllOrNone) -> Verdict {
    thread::scope(|scope| {
        let (handles, handle) = sync_channel(1);
        let (ends, ended) = oneshot::channel::<()>();
        scope.spawn(move || {
            let runtime = Builder::new_current_thread().enable_time().build()?;
            // Neither can fail: the other thread waits for the handle, and this one for its end.
            let _ = handles.send(runtime.handle().clone());
            let _ = runtime.block_on(ended);
            Ok::<_, Finding>(())
        });
        let handle: Handle = handle
            .recv()
            .map_err(|_| Finding::seen("there was no runtime"))?;
        let grouped = scope.spawn(move || {
            // Dropped at the end, also by a panic, which ends the runtime above.
            let _ends = ends;
            handle.block_on(play(group))
        });
        grouped
            .join()
            .unwrap_or_else(|_| Err(Finding::seen("the group panicked")))
    })
}

async fn play(group: AllOrNone) -> Verdict {
    let (stage, alive) = (Arc::<Stage>::default(), Drops::new());
    let mut group = group(members(&stage, &alive));
    // The first member fails between two turns of the group, which has the next one when the other
    // member runs: otherwise it would find no member that is running.
    let mut patience = PATIENCE;
    let held_back = poll_fn(|cx| {
        let waits = Stage::has(&stage.may_fail) && Stage::has(&stage.is_beside);
        if waits && !Stage::has(&stage.runs) && patience > 0 {
            patience -= 1;
            thread::yield_now();
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = group.poll_unpin(cx);
        if Stage::has(&stage.begun) {
            set(&stage.may_fail);
        }
        polled
    });
    let ended = async {
        let ended = held_back.await;
        (ended, alive.alive())
    };
    let turns = async {
        for _ in 0..PATIENCE {
            if Stage::has(&stage.runs) {
                break;
            }
            yield_now().await;
        }
        for _ in 0..TURNS {
            yield_now().await;
        }
        set(&stage.released);
    };
    let ((ended, alive), ()) = futures::join!(ended, turns);
    ensure(
        ended.is_err(),
        || "one member failed, and the group ended well",
    )?;
    count(alive, "members still alive when the group had ended").is(0)
}

/// One member that fails, and one that runs on meanwhile.
fn members(stage: &Arc<Stage>, alive: &Drops) -> Vec<Member> {
    let group_thread = thread::current().id();
    let (one, fails) = (alive.guard(), Arc::clone(stage));
    let failing = async move {
        let _one = one;
        if thread::current().id() != group_thread {
            set(&fails.is_beside);
        }
        set(&fails.begun);
        while !Stage::has(&fails.may_fail) {
            yield_now().await;
        }
        set(&fails.failed);
        Err(Status::unavailable("failed"))
    };
    let (one, stage) = (alive.guard(), Arc::clone(stage));
    let running = async move {
        let _one = one;
        while !Stage::has(&stage.failed) {
            yield_now().await;
        }
        set(&stage.runs);
        // A group that polls its members itself has no member that runs beside it.
        while thread::current().id() != group_thread && !Stage::has(&stage.released) {
            thread::yield_now();
        }
        std::future::pending().await
    };
    vec![failing.boxed(), running.boxed()]
}
