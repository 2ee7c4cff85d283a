//! How a stay ends.

use tonic::Code;
use workbook::grade::{AN_INSTANT, Check, ended};

use super::stays::{HOUR, In, SECOND};
use super::{KEPT, Subject};

/// The check, with what is expected of stays that end.
pub fn check(check: Check, room: Subject) -> Check {
    check
        .expects("ends a member that is too far behind with OutOfRange, and gives it no message behind a gap")
        .hint("What does your stream do when the next message is not kept any more?")
        .each([0, 1, 5].map(|read| (format!("{read} read"), read)), async move |_, read| {
            let room = In::new(room(KEPT as usize));
            let (ada, mut slow) = (room.joins("ada").await?, room.joins("slow").await?);
            slow.is_told(&["ada", "slow"], 0).await?;
            ada.says_all(1..=read).await?;
            slow.hears_all(1..=read).await?;
            ada.says_all(read + 1..=read + KEPT + 92).await?;
            slow.is_told_what_is_gone(read + 1).await
        })
        .expects("ends the stream of a member that has left behind what was said until then")
        .hint("How does the stream know that its `Member` is dropped, and what has it still to give?")
        .plays(async move |_| {
            let room = In::new(room(KEPT as usize));
            let (ada, mut bob) = (room.joins("ada").await?, room.joins("bob").await?);
            bob.is_told(&["ada", "bob"], 0).await?;
            ada.says_all(1..=3).await?;
            bob.leaves();
            ada.says(4).await?;
            bob.hears_all(1..=3).await?;
            bob.ends().await
        })
        .expects("ends a stay with Unauthenticated when its token expires, whether it reads or not")
        .hint("Which timer fires when the room is quiet, and what removes the name when no stream is polled?")
        .each(
            [
                ("it reads", (true, false)),
                ("it does not read", (false, false)),
                ("it does not read, and is dropped behind that", (false, true)),
            ],
            async move |lab, (reads, is_dropped)| {
                let room = In::new(room(KEPT as usize));
                let mut ada = room.joins("ada").await?;
                ada.is_told(&["ada"], 0).await?;
                let mut bob = room.joins_for("bob", SECOND * 10).await?;
                ada.is_told_of(&["bob"], &[]).await?;
                if reads {
                    bob.is_told(&["ada", "bob"], 0).await?;
                    bob.ends_with(Code::Unauthenticated, SECOND * 10).await?;
                } else {
                    lab.sleep(SECOND * 10).await;
                }
                lab.sleep(AN_INSTANT).await;
                room.is_here(&["ada"])?;
                ended(&bob.tries_to_say(1).await?).with(Code::Unauthenticated)?;
                // Before a message is said, because the two may come in either order.
                ada.is_told_of(&[], &["bob"]).await?;
                ada.says(1).await?;
                ada.hears(1).await?;
                if is_dropped {
                    bob.leaves();
                }
                if !reads {
                    bob.ends_with(Code::Unauthenticated, AN_INSTANT).await?;
                }
                Ok(())
            },
        )
        .expects("lets a member stay whose token is renewed in time, until the newer one expires")
        .hint("When does the timer of a waiting stream look at the newer time?")
        .plays(async move |lab| {
            let room = In::new(room(KEPT as usize));
            let ada = room.joins("ada").await?;
            let mut bob = room.joins_for("bob", SECOND * 10).await?;
            bob.is_told(&["ada", "bob"], 0).await?;
            bob.hears_nothing().await?;
            lab.sleep(SECOND * 6).await;
            bob.renews(SECOND * 10);
            bob.hears_nothing().await?;
            lab.sleep(SECOND * 6).await;
            room.is_here(&["ada", "bob"])?;
            ada.says(1).await?;
            bob.hears(1).await?;
            bob.says(2).await?;
            bob.hears(2).await?;
            bob.ends_with(Code::Unauthenticated, SECOND * 4).await?;
            room.is_here(&["ada"])
        })
        .expects("ends a stay when its newest token expires, though an older one was valid for longer")
        .hint("Which of two times does your code keep: the later one, or that of the newer token?")
        .plays(async move |_| {
            let room = In::new(room(KEPT as usize));
            let mut bob = room.joins_for("bob", SECOND * 10).await?;
            bob.is_told(&["bob"], 0).await?;
            bob.renews(SECOND * 2);
            bob.ends_with(Code::Unauthenticated, SECOND * 2).await?;
            room.is_here(&[])
        })
        .expects("does not renew a stay that has ended")
        .hint("What does a token change that comes too late?")
        .plays(async move |lab| {
            let room = In::new(room(KEPT as usize));
            let mut bob = room.joins_for("bob", SECOND * 10).await?;
            lab.sleep(SECOND * 11).await;
            bob.renews(HOUR);
            room.is_here(&[])?;
            ended(&bob.tries_to_say(1).await?).with(Code::Unauthenticated)?;
            bob.ends_with(Code::Unauthenticated, AN_INSTANT).await
        })
        .expects("ends the older stay of a name with Aborted, and tells the others nothing")
        .hint("The older member is dropped after the newer one has joined. What does it remove?")
        .plays(async move |_| {
            let room = In::new(room(KEPT as usize));
            let mut ada = room.joins("ada").await?;
            ada.is_told(&["ada"], 0).await?;
            let mut older = room.joins("bob").await?;
            ada.is_told_of(&["bob"], &[]).await?;
            older.is_told(&["ada", "bob"], 0).await?;
            let mut newer = room.joins("bob").await?;
            newer.is_told(&["ada", "bob"], 0).await?;
            older.ends_with(Code::Aborted, AN_INSTANT).await?;
            ended(&older.tries_to_say(1).await?).with(Code::Aborted)?;
            drop(older);
            room.is_here(&["ada", "bob"])?;
            newer.says(1).await?;
            ada.hears(1).await?;
            newer.hears(1).await?;
            tokio::time::sleep(SECOND).await;
            ada.hears_nothing().await
        })
}
