//! Grades the exercise: members who join, talk, fall behind, leave, expire and come back.

#[path = "check/ends.rs"]
mod ends;
#[path = "check/hears.rs"]
mod hears;
#[path = "check/joins.rs"]
mod joins;
#[path = "check/stays.rs"]
mod stays;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tokio::time::Instant;
use tonic::Status;
use workbook::grade::{Check, baseline, count};
use workbook::proto::rooms::FromRoom;

use stays::{HOUR, In, SECOND};

/// The exercise: a room that keeps that many messages.
pub type Subject = fn(usize) -> Box<dyn ChatRoom>;

/// A stay: what ends it when it is dropped, and what it hears.
pub type Stay = (Box<dyn Talks>, BoxStream<'static, Result<FromRoom, Status>>);

/// The room, as the check calls it.
pub trait ChatRoom: Send + Sync {
    fn join<'a>(
        &'a self,
        name: &'a str,
        after: Option<u64>,
        expires: Instant,
    ) -> BoxFuture<'a, Result<Stay, Status>>;
    fn here(&self) -> Vec<String>;
}

/// A member, as the check calls it.
pub trait Talks: Send {
    fn say<'a>(&'a self, text: &'a str) -> BoxFuture<'a, Result<u64, Status>>;
    fn renew(&self, expires: Instant);
}

/// How many messages the room keeps, where nothing else is said.
const KEPT: u64 = 8;

pub fn check(room: Subject) -> Check {
    let check = Check::new()
        .expects("gives every member every message, its own included")
        .hint("Each member has a position of its own in what the room keeps. What wakes those that have read everything?")
        .plays(async move |_| {
            let room = In::new(room(KEPT as usize));
            let (mut ada, mut bob) = (room.joins("ada").await?, room.joins("bob").await?);
            ada.is_told(&["ada"], 0).await?;
            bob.is_told(&["ada", "bob"], 0).await?;
            for number in 1..=20 {
                let speaker = if number % 2 == 0 { &ada } else { &bob };
                speaker.says(number).await?;
                ada.hears(number).await?;
                bob.hears(number).await?;
            }
            // Both wait when the message is said.
            let carol = room.joins("carol").await?;
            let (ada, bob, said) = futures::join!(ada.hears(21), bob.hears(21), carol.says(21));
            said.and(ada).and(bob)
        });
    let check = joins::check(check, room)
        .expects("tells within a second who has come and who has gone, and not of oneself")
        .hint("What removes a name when its member is dropped?")
        .plays(async move |lab| {
            let room = In::new(room(KEPT as usize));
            let mut ada = room.joins("ada").await?;
            ada.is_told(&["ada"], 0).await?;
            ada.hears_nothing().await?;
            let bob = room.joins("bob").await?;
            room.is_here(&["ada", "bob"])?;
            ada.is_told_of(&["bob"], &[]).await?;
            lab.sleep(SECOND).await;
            drop(bob);
            room.is_here(&["ada"])?;
            ada.is_told_of(&[], &["bob"]).await?;
            drop(room.joins("carol").await?);
            let _dan = room.joins("dan").await?;
            ada.is_told_of(&["dan"], &[]).await
        })
        .expects("goes on when a member has left")
        .hint("What is there still of a member that has left, and does it wait for that?")
        .plays(async move |_| {
            let room = In::new(room(KEPT as usize));
            let mut ada = room.joins("ada").await?;
            ada.is_told(&["ada"], 0).await?;
            let mut bob = room.joins("bob").await?;
            bob.is_told(&["ada", "bob"], 0).await?;
            drop(bob);
            for number in 1..=300 {
                ada.says(number).await?;
                ada.hears(number).await?;
            }
            Ok(())
        })
        .expects("makes no member wait for one that does not read")
        .hint("What does `say` wait for, and what does it hold meanwhile?")
        .plays(async move |_| {
            let room = In::new(room(KEPT as usize));
            let _slow = room.joins("slow").await?;
            let mut ada = room.joins("ada").await?;
            ada.is_told(&["ada", "slow"], 0).await?;
            for number in 1..=300 {
                ada.says(number).await?;
                ada.hears(number).await?;
            }
            room.joins("bob").await.map(drop)
        });
    ends::check(check, room)
        .expects("leaves nothing behind")
        .hint("Is there a task that goes on after its member?")
        .plays(async move |lab| {
            let room = In::new(room(KEPT as usize));
            let before = baseline(&lab);
            for name in ["ada", "bob", "carol"] {
                let mut stay = room.joins(name).await?;
                stay.is_told(&[name], 0).await?;
                stay.hears_nothing().await?;
            }
            let unread = room.joins_for("dan", HOUR).await?;
            drop(unread);
            before.nothing_is_left(&lab).await?;
            count(room.here().len(), "members left").is(0)
        })
}
