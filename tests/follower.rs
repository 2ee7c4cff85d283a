//! The follower of lesson 18, as a program uses it: its `next()` is dropped again and again, in a
//! `select!` whose other branch is a ticker. What the lesson's check expects of it is graded as
//! `solutions/18_resume/right_with_follower.rs`.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tonic::Status;
use workbook::lab::{CLIENT, Lab, SERVER};
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::proto::events::{Event, FollowRequest};

use lesson::backoff::Policy;
use lesson::check::ledger::Ledger;
use lesson::check::plan::{Act, Plan, Then, answered, unanswered};
use lesson::follow::{Follower, Opening};
use lesson::jitter::Jitter;

#[path = "."]
pub mod lesson {
    #![allow(dead_code, reason = "the scenes and the check use all of it")]
    #[path = "../lessons/18_resume/backoff.rs"]
    pub mod backoff;
    #[path = "../lessons/18_resume/follow.rs"]
    pub mod follow;
    #[path = "../lessons/18_resume/inbox.rs"]
    pub mod inbox;
    #[path = "../lessons/18_resume/jitter.rs"]
    pub mod jitter;
    #[path = "../lessons/18_resume/retry.rs"]
    pub mod retry;
    #[path = "../solutions/18_resume/solution.rs"]
    pub mod solution;
    #[path = "."]
    pub mod check {
        #[path = "../lessons/18_resume/check/ledger.rs"]
        pub mod ledger;
        #[path = "../lessons/18_resume/check/plan.rs"]
        pub mod plan;
    }
}

/// A future of `next()` lives this long. A call takes longer to be answered.
const LIVES: Duration = Duration::from_millis(7);
/// One way; a call is answered after two of them, and a connection after another two.
const LATENCY: Duration = Duration::from_millis(50);

const EVENTS: u64 = 30;
const EVERY: Duration = Duration::from_millis(30);

async fn follower(lab: &Lab, acts: Vec<Act>) -> (Ledger, Follower<Event>) {
    let plan = Plan {
        events: EVENTS,
        acts,
        repeats: 2,
        every: EVERY,
        ..Plan::default()
    };
    let ledger = Ledger::new(lab, plan);
    ledger.start().expect("the address is free");
    lab.link(CLIENT, SERVER).set_latency(LATENCY);
    let channel = lab.channel().await.expect("the server listens");
    let client = EventServiceClient::new(channel);
    let open = move |from| -> Opening<Event> {
        let mut client = client.clone();
        Box::pin(async move {
            let events = client.follow(FollowRequest { from }).await?;
            Ok(events.into_inner())
        })
    };
    let number = |event: &Event| event.number;
    let follower = Follower::new(1, open, number, Policy::default(), Jitter::new(1));
    (ledger, follower)
}

/// Reads to the end, and drops each `next()` that does not finish soon. Returns how many it has dropped.
async fn read_impatiently(events: &mut Follower<Event>) -> (Vec<u64>, Result<(), Status>, usize) {
    let (mut numbers, mut dropped) = (Vec::new(), 0);
    loop {
        match timeout(LIVES, events.next()).await {
            Err(_) => dropped += 1,
            Ok(Ok(Some(event))) => numbers.push(event.number),
            Ok(Ok(None)) => return (numbers, Ok(()), dropped),
            Ok(Err(status)) => return (numbers, Err(status), dropped),
        }
    }
}

#[test]
fn a_dropped_next_loses_no_event_and_makes_no_call() {
    let faults = [
        Then::Cut,
        Then::Restart,
        Then::Away(Duration::from_secs(1)),
        Then::Fails(tonic::Code::Unavailable),
        Then::GoesAway,
    ];
    for fault in faults {
        Lab::new().run(async |lab| {
            let acts = vec![answered(3, fault), answered(0, fault), unanswered(fault)];
            let (ledger, mut events) = follower(&lab, acts).await;
            let (numbers, end, dropped) = read_impatiently(&mut events).await;
            assert!(end.is_ok(), "{fault:?}: {end:?}");
            assert!(dropped > 20, "{fault:?}: {dropped} futures were dropped");
            let all: Vec<u64> = (1..=EVENTS).collect();
            // An event that is on its way when the connection breaks is asked for again.
            assert_eq!(numbers, all, "{fault:?}");
            assert_eq!(ledger.calls().len(), 4, "{fault:?}: calls");
            assert_eq!(ledger.open(), 0, "{fault:?}: calls open");
        });
    }
}

#[test]
fn a_dropped_next_does_not_renew_the_idle_limit() {
    Lab::new().run(async |lab| {
        let acts = vec![unanswered(Then::Silent), answered(3, Then::Silent)];
        let (ledger, mut events) = follower(&lab, acts).await;
        let began = Instant::now();
        let (numbers, end, _) = read_impatiently(&mut events).await;
        assert!(end.is_ok(), "{end:?}");
        assert_eq!(numbers, (1..=EVENTS).collect::<Vec<_>>());
        assert_eq!(ledger.calls().len(), 3, "calls");
        let took = began.elapsed();
        let idle = Policy::default().idle;
        assert!(
            took > idle * 2 && took < idle * 2 + Duration::from_secs(5),
            "{took:?}"
        );
    });
}

#[test]
fn a_follower_that_is_dropped_leaves_no_call() {
    for act in [unanswered(Then::Silent), answered(3, Then::Silent)] {
        Lab::new().run(async |lab| {
            let (ledger, mut events) = follower(&lab, vec![act]).await;
            let _ = timeout(Duration::from_secs(1), async {
                while events.next().await.is_ok_and(|event| event.is_some()) {}
            })
            .await;
            assert_eq!(ledger.open(), 1, "{act:?}");
            drop(events);
            // The cancellation travels, too.
            sleep(LATENCY * 2).await;
            assert_eq!(ledger.open(), 0, "{act:?}");
        });
    }
}

#[test]
fn an_end_is_returned_again() {
    Lab::new().run(async |lab| {
        let code = tonic::Code::NotFound;
        let (_, mut events) = follower(&lab, vec![unanswered(Then::Fails(code))]).await;
        for _ in 0..3 {
            let end = events.next().await.map(drop);
            assert_eq!(end.map_err(|status| status.code()), Err(code));
        }
    });
    Lab::new().run(async |lab| {
        let (_, mut events) = follower(&lab, Vec::new()).await;
        let (numbers, ..) = read_impatiently(&mut events).await;
        assert_eq!(numbers, (1..=EVENTS).collect::<Vec<_>>());
        assert!(events.next().await.is_ok_and(|event| event.is_none()));
    });
}
