//! Grades the exercise: members who join, talk, fall behind, leave, expire and come back.

#[path = "check/ends.rs"]
mod ends;
#[path = "check/stays.rs"]
mod stays;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tokio::time::Instant;
use tonic::{Code, Status};
use workbook::grade::{Check, baseline, count, ended};
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
        })
        .expects("gives each message once to a member that joins while others talk")
        .hint("A message comes after `join` and before the stream is first read. Is it in the history, in what is live, in \
               both, or in neither?")
        .each(
            [("nothing was said before", 0, None), ("from the oldest one", 5, None), ("behind 0", 5, Some(0)),
             ("behind 3", 5, Some(3)), ("behind the newest one", 5, Some(5)), ("with all that is kept", 20, None)]
            .into_iter()
            .flat_map(|(name, before, after)| {
                [0, 1, 3].map(|meanwhile| (format!("{name}, {meanwhile} said meanwhile"), (before, after, meanwhile)))
            })
            // Otherwise the oldest one is gone before the member reads it.
            .filter(|(_, (before, _, meanwhile))| *before < KEPT || *meanwhile == 0),
            async move |_, (before, after, meanwhile)| {
                let room = In::new(room(KEPT as usize));
                let ada = room.joins("ada").await?;
                ada.says_all(1..=before).await?;
                let mut bob = room.joins_after("bob", after).await?;
                ada.says_all(before + 1..=before + meanwhile).await?;
                bob.is_told(&["ada", "bob"], before).await?;
                let oldest = before.saturating_sub(KEPT) + 1;
                bob.hears_all(after.map_or(oldest, |after| after + 1)..=before + meanwhile).await?;
                ada.says(before + meanwhile + 1).await?;
                bob.hears(before + meanwhile + 1).await?;
                bob.hears_nothing().await
            },
        )
        .expects("answers OutOfRange to a position that is not kept, or not said yet")
        .hint("What is the smallest `after` for which the next message is kept, and what is the largest?")
        .each(
            [
                ("the message behind it is gone", (20, 11, false)),
                ("the oldest that is possible", (20, 12, true)),
                ("the newest", (20, 20, true)),
                ("not said yet", (20, 21, false)),
                ("an empty room", (0, 1, false)),
                ("the largest number", (3, u64::MAX, false)),
            ],
            async move |_, (said, after, is_kept)| {
                let room = In::new(room(KEPT as usize));
                let ada = room.joins("ada").await?;
                ada.says_all(1..=said).await?;
                let joined = room.try_join("bob", Some(after)).await;
                if is_kept {
                    return ended(&joined).well();
                }
                ended(&joined).with(Code::OutOfRange)?;
                room.is_here(&["ada"])?;
                // The same name, which is there: a stay that does not begin ends none.
                let older = room.joins("bob").await?;
                let again = room.try_join("bob", Some(after)).await;
                ended(&again).with(Code::OutOfRange)?;
                let stays = room.is_here(&["ada", "bob"]).and(older.says(said + 1).await);
                stays.map_err(|finding| finding.hint("What has `join` changed by the time at which it refuses?"))
            },
        )
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
    let check = ends::check(check, room);
    check
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
