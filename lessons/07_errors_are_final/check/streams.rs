//! Streams that are slow, and streams that fail.

use tonic::Status;
use tonic::codegen::Bytes;
use workbook::grade::{Check, Finding, Script, count, ended};
use workbook::lab::Lab;
use workbook::proto::users::CreateUsersResponse;

use super::peers::{Users, user};
use super::raw::{Half, poisons};
use super::registry::Registry;
use super::{DAY, Subject, ids};

/// Adds what becomes of a call whose stream does not simply end.
pub fn check(check: Check, create_users: Subject) -> Check {
    check
        .expects("waits for the next user for as long as it takes")
        .hint("A client that is silent has not ended its stream.")
        .silence(DAY * 30)
        .plays(async move |lab| {
            let open = Users::open(&lab, create_users, Registry::sound()).await?;
            let slow = Script::new().every(DAY * 3, ids(3).map(user)).wait(DAY * 3);
            let answer = open.create_within(DAY * 20, slow).await?.answer?;
            count(
                usize::try_from(answer.created).unwrap_or(0),
                "users created",
            )
            .is(3)
        })
        .expects("an error of the stream ends the call, with its own status")
        .hint("`message()` has three outcomes. After which of them may there be more to read?")
        .each(poisons(), async move |lab, poison| {
            let sent = own_status(&lab, &poison).await?;
            let open = Users::open(&lab, create_users, Registry::sound()).await?;
            for half in [Half::Ends, Half::StaysOpen] {
                ended(&open.create_raw(&poison, half).await?.answer).as_sent(&sent)?;
            }
            Ok(())
        })
        .expects("creates no user that was not sent")
        .hint("After an error, what does the next `message()` take for a message?")
        .each(poisons(), async move |lab, poison| {
            let open = Users::open(&lab, create_users, Registry::sound()).await?;
            let _ = open.create_raw(&poison, Half::Ends).await?;
            open.registry.was_asked_for(ids(2))
        })
}

/// The status that a server returns which does nothing but read these bytes.
async fn own_status(lab: &Lab, poison: &[u8]) -> Result<Status, Finding> {
    let reads: Subject = |_, mut users| {
        Box::pin(async move {
            while users.message().await?.is_some() {}
            Ok(CreateUsersResponse::default())
        })
    };
    let open = Users::open(lab, reads, Registry::sound()).await?;
    let Err(status) = open.create_raw(poison, Half::Ends).await?.answer else {
        return Err(Finding::seen("the stream has no error"));
    };
    // Without the metadata, among which is the date.
    let details = Bytes::copy_from_slice(status.details());
    Ok(Status::with_details(
        status.code(),
        status.message(),
        details,
    ))
}
