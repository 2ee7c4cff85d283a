//! Grades the exercise: what the store holds after uploads that end in different ways.

#[path = "check/folder.rs"]
mod folder;
#[path = "check/uploads.rs"]
mod uploads;

use std::time::Duration;

use tonic::Code;
use tonic::transport::Server;
use workbook::grade::{Check, Verdict};
use workbook::lab::Lab;
use workbook::proto::files::FileChunk;

use folder::{apart, cannot_store};
use uploads::{CHUNKS, End, NO_PAUSE, Uploads, messages, set_finish};

pub fn check() -> Check {
    Check::new()
        .expects("stores a complete file, and returns a receipt")
        .hint("file_id is the file's name, total_size its length in bytes.")
        .plays(complete)
        .expects("stores nothing when the stream ends without finish")
        .hint(
            "`None` means that no more messages come. What tells you that the client has sent all?",
        )
        .plays(no_finish)
        .expects("stores nothing when the client cancels before finish")
        .hint("What does message() return when the client has cancelled the call?")
        .plays(cancels)
        .expects("leaves nothing behind when the connection breaks")
        .hint("`?` returns early. What has to happen on every way out, and what guarantees it?")
        .plays(breaks)
        .expects("leaves nothing behind when a server timeout drops the handler")
        .hint("The timeout drops the handler at an `.await`. No later line of it runs.")
        .plays(timed_out)
        .expects("refuses a count that is not right")
        .hint("The client counts, too. What if its count and yours differ?")
        .plays(wrong_count)
        .expects("refuses data that is not what was sent")
        .hint("The right number of chunks may hold the wrong bytes.")
        .plays(wrong_digest)
        .expects("refuses a name that would leave the folder, as InvalidArgument")
        .hint("The store returns a status for a bad name. What does your code do with it?")
        .plays(bad_name)
        .expects("answers when finish has come, and takes nothing after it")
        .hint("The client may keep its half of the call open. Do you need anything after finish?")
        .plays(after_finish)
        .expects("takes chunks in the order of arrival, whatever their numbers and names")
        .hint("HTTP/2 keeps the order. The numbers and names in later chunks prove nothing.")
        .plays(claims)
        .expects("keeps uploads apart, slow ones and failed ones too")
        .hint("What does one call share with the next, or with one that runs at the same time?")
        .plays(apart)
        .expects("gives no receipt for a file that could not be stored")
        .hint("`commit` can fail. When does the client learn of it?")
        .plays(cannot_store)
}

async fn complete(lab: Lab) -> Verdict {
    let uploads = Uploads::to(&lab).await?;
    uploads
        .whole("file.bin")
        .await
        .is_stored("a complete upload", "file.bin")?;
    uploads
        .whole("file.bin")
        .await
        .is_stored("the same again", "file.bin")
}

async fn no_finish(lab: Lab) -> Verdict {
    for count in 1..=CHUNKS.len() {
        let uploads = Uploads::to(&lab).await?;
        let sent = messages("file.bin").into_iter().take(count).collect();
        let uploaded = uploads.upload(sent, NO_PAUSE, End::HalfClose).await;
        uploaded.is_refused(
            &format!("{count} of {} chunks and the end", CHUNKS.len()),
            None,
        )?;
    }
    Ok(())
}

async fn cancels(lab: Lab) -> Verdict {
    at_every_point(&lab, End::Cancel, "the client cancelled").await
}

async fn breaks(lab: Lab) -> Verdict {
    at_every_point(&lab, End::Break, "the connection broke").await
}

async fn at_every_point(lab: &Lab, end: End, what: &str) -> Verdict {
    let all = messages("file.bin");
    for count in 0..=all.len() {
        let sent = all.iter().take(count).cloned().collect();
        let uploaded = Uploads::to(lab).await?.upload(sent, NO_PAUSE, end).await;
        let place = format!("{what} after {count} of {} messages", all.len());
        if count < all.len() {
            uploaded.left_nothing(&place)?;
        } else {
            uploaded.is_whole_or_nothing(&place)?;
        }
    }
    Ok(())
}

async fn timed_out(lab: Lab) -> Verdict {
    for count in 0..=CHUNKS.len() {
        let server = Server::builder().timeout(Duration::from_secs(5));
        let sent = messages("file.bin").into_iter().take(count).collect();
        let uploads = Uploads::to_server(&lab, server).await?;
        let uploaded = uploads.upload(sent, NO_PAUSE, End::Open).await;
        uploaded.left_nothing(&format!("{count} chunks came, and then nothing for 5 s"))?;
    }
    Ok(())
}

async fn wrong_count(lab: Lab) -> Verdict {
    for chunks in [0, 3, 5] {
        let mut sent = messages("file.bin");
        set_finish(&mut sent, |finish| finish.chunks = chunks);
        // The last chunk's number agrees with the wrong count.
        sent[3].chunk_number = chunks - 1;
        let uploaded = Uploads::to(&lab)
            .await?
            .upload(sent, NO_PAUSE, End::HalfClose)
            .await;
        uploaded.is_refused(&format!("4 chunks, and finish.chunks {chunks}"), None)?;
    }
    Ok(())
}

async fn wrong_digest(lab: Lab) -> Verdict {
    let mut flipped = messages("file.bin");
    if let Some(byte) = flipped[2].data.first_mut() {
        *byte ^= 1;
    }
    let mut no_digest = messages("file.bin");
    set_finish(&mut no_digest, |finish| finish.sha256.clear());
    let mut short = messages("file.bin");
    set_finish(&mut short, |finish| finish.sha256.truncate(4));
    for (what, sent) in [
        ("a bit flipped on the way", flipped),
        ("an empty digest", no_digest),
        ("the first four bytes of the digest", short),
    ] {
        let uploaded = Uploads::to(&lab)
            .await?
            .upload(sent, NO_PAUSE, End::HalfClose)
            .await;
        uploaded.is_refused(what, None)?;
    }
    Ok(())
}

async fn bad_name(lab: Lab) -> Verdict {
    for name in ["../file.bin", "/tmp/file.bin", "", "nul.txt"] {
        let uploaded = Uploads::to(&lab).await?.whole(name).await;
        uploaded.is_refused(&format!("file_name {name:?}"), Some(Code::InvalidArgument))?;
    }
    Ok(())
}

async fn after_finish(lab: Lab) -> Verdict {
    let uploads = Uploads::to(&lab).await?;
    let uploaded = uploads
        .upload(messages("file.bin"), NO_PAUSE, End::Open)
        .await;
    uploaded.is_stored("finish, and the client's half stays open", "file.bin")?;

    let mut wrong = messages("file.bin");
    set_finish(&mut wrong, |finish| finish.chunks += 1);
    let uploaded = Uploads::to(&lab)
        .await?
        .upload(wrong, NO_PAUSE, End::Open)
        .await;
    uploaded.is_refused(
        "a finish that is wrong, and the client's half stays open",
        None,
    )?;

    let mut more = messages("file.bin");
    more.push(FileChunk {
        file_name: "file.bin".to_owned(),
        data: b"and more".to_vec(),
        ..FileChunk::default()
    });
    let place = "a chunk after finish";
    let uploaded = Uploads::to(&lab)
        .await?
        .upload(more, NO_PAUSE, End::HalfClose)
        .await;
    uploaded.is_whole_or_nothing(place)?;
    match uploaded.answer {
        Some(Err(_)) => uploaded.is_refused(place, None),
        _ => uploaded.is_stored(place, "file.bin"),
    }
}

async fn claims(lab: Lab) -> Verdict {
    let mut unnumbered = messages("file.bin");
    unnumbered
        .iter_mut()
        .for_each(|chunk| chunk.chunk_number = 0);
    let uploaded = Uploads::to(&lab)
        .await?
        .upload(unnumbered, NO_PAUSE, End::HalfClose)
        .await;
    uploaded.is_stored("every chunk_number is 0", "file.bin")?;

    let mut renamed = messages("file.bin");
    renamed[3].file_name = "other.bin".to_owned();
    let uploaded = Uploads::to(&lab)
        .await?
        .upload(renamed, NO_PAUSE, End::HalfClose)
        .await;
    uploaded.is_whole_or_nothing("the last chunk has another file_name")
}
