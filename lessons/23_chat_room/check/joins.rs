//! What a member hears that joins while others talk, and from which position on.

use tonic::Code;
use workbook::grade::{Check, ended};

use super::stays::In;
use super::{KEPT, Subject};

/// Adds how a stay begins.
pub fn check(check: Check, room: Subject) -> Check {
    check
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
}
