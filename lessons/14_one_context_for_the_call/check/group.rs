//! What is expected of the group.

use std::time::Duration;

use tonic::{Code, Status};
use workbook::grade::Check;

use super::members::{End, Members, follows};
use super::{AllOrNone, DAY, HOUR, SECOND, two_threads};

/// The check, with what is expected of the group.
pub fn check(check: Check, group: AllOrNone) -> Check {
    check
        .expects("a group whose members all end well ends well, and runs them at the same time")
        .hint("Members are futures, which only run while they are polled. What polls them?")
        .silence(DAY)
        .each(
            [
                ("no member", (0, Duration::ZERO)),
                ("one member", (1, SECOND)),
                ("five members", (5, SECOND)),
                ("200 members", (200, SECOND)),
                ("two members that take ten hours", (2, HOUR * 10)),
            ],
            async move |_, (number, takes)| {
                Members::new(vec![(takes, End::Well); number]).end(group, takes, &[]).await
            },
        )
        .expects("the first failure ends the others at once")
        .hint("A group that waits for all members waits for the slowest one.")
        .each(
            [("after a second", SECOND), ("when it is polled first", Duration::ZERO)],
            async move |_, takes| {
                let members = Members::new(vec![
                    (SECOND * 60, End::Well),
                    (SECOND * 2, fails("second")),
                    (takes, fails("first")),
                    (SECOND * 90, End::Well),
                    (Duration::ZERO, End::Well),
                ]);
                members.end(group, takes, &[fails("first")]).await
            },
        )
        .expects("returns every failure of the same instant, and a panic as Internal")
        .hint("When the first member fails, others may already have ended. And a task that panics gives \
               a `JoinError`.")
        .each(
            [
                ("two fail", vec![fails("one"), fails("two")]),
                ("one fails, and one panics", vec![fails("one"), End::Panics]),
                ("one panics", vec![End::Panics]),
                ("one panics, and five fail", vec![fails("a"), fails("b"), End::Panics, fails("c"), fails("d"), fails("e")]),
            ],
            async move |_, ends| {
                let mut members: Vec<_> = ends.iter().map(|end| (SECOND, end.clone())).collect();
                members.extend([(SECOND * 5, fails("late")), (SECOND * 60, End::Well)]);
                Members::new(members).end(group, SECOND, &ends).await
            },
        )
        .expects("returns the failures in the order in which they occurred")
        .hint("Which failure was the cause, and which was its consequence?")
        .plays(async move |_| follows(group).await)
        .expects("dropping the group ends all its members")
        .hint("What owns the tasks when the future that waits for them is dropped?")
        .each(
            [("before it is polled", None), ("after a second", Some(SECOND))],
            async move |_, after| {
                let members = Members::new(vec![(SECOND * 60, End::Well); 5]);
                members.are_dropped(group, after).await
            },
        )
        .expects("has no member alive when it returns, on whatever thread the member runs")
        .hint("An abort only asks: a member ends at its next `.await`. What tells your code that it has \
               ended?")
        .plays(async move |_| two_threads::no_member_is_alive(group))
}

/// A failure with details.
fn fails(text: &str) -> End {
    End::Badly(Status::with_details(
        Code::DataLoss,
        text,
        text.as_bytes().to_vec().into(),
    ))
}
