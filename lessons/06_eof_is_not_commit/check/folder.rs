//! More than one upload to one folder, and a folder in which a file cannot be stored.

use std::fs;
use std::time::Duration;

use tokio::join;
use tokio::time::{Instant, sleep};
use workbook::grade::{Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::uploads::{End, NO_PAUSE, Uploads, messages};

pub async fn apart(lab: Lab) -> Verdict {
    let uploads = Uploads::to(&lab).await?;
    let unfinished = messages("file.bin").into_iter().take(2).collect();
    uploads.upload(unfinished, NO_PAUSE, End::HalfClose).await;
    uploads
        .whole("after.bin")
        .await
        .is_stored("an upload after one that failed", "after.bin")?;

    let stalled = messages("stalled.bin").into_iter().take(1).collect();
    let beside = async {
        sleep(Duration::from_secs(1)).await;
        let start = Instant::now();
        let uploaded = uploads.whole("beside.bin").await;
        (uploaded, start.elapsed())
    };
    let (_, (uploaded, took)) = join!(uploads.upload(stalled, NO_PAUSE, End::Open), beside);
    uploaded.is_stored("an upload beside one that stalls", "beside.bin")?;
    ensure(took < Duration::from_secs(10), || {
        let seconds = took.as_secs();
        format!("an upload beside one that stalls took {seconds} s")
    })?;

    let slow = Duration::from_secs(10);
    let (one, two) = join!(
        uploads.upload(messages("one.bin"), slow, End::HalfClose),
        async {
            sleep(slow / 2).await;
            uploads
                .upload(messages("two.bin"), slow, End::HalfClose)
                .await
        },
    );
    one.is_stored(
        "one of two at the same time, a message every 10 s",
        "one.bin",
    )?;
    two.is_stored("the other of the two", "two.bin")
}

pub async fn cannot_store(lab: Lab) -> Verdict {
    let uploads = Uploads::to(&lab).await?;
    // A folder that is not empty cannot be replaced by a file, on any system.
    fs::create_dir_all(uploads.store.folder().join("file.bin").join("in the way"))
        .map_err(|error| Finding::seen(format!("no folder: {error}")))?;
    let uploaded = uploads.whole("file.bin").await;
    ensure(matches!(uploaded.answer, Some(Err(_))), || {
        match uploaded.answer {
            Some(Ok(_)) => "the file's place was taken by a folder, and the client got a receipt",
            _ => "the file's place was taken by a folder, and the client got no answer",
        }
    })?;
    let names = uploads.store.names();
    ensure(names == ["file.bin"], || {
        format!("the folder holds {names:?}")
    })
}
