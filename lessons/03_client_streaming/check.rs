//! Grades the exercise: what arrives at a server, and how much of the file was read by then.

#[path = "check/peers.rs"]
mod peers;
#[path = "check/run.rs"]
mod run;

use std::time::Duration;

use tokio::time::timeout;
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::exercise::{CHUNK, Uploaded, upload};
use peers::{Answer, BROKEN, Reader, Uploads};
use run::{UPLOADED_WITHIN, connected, in_time, run, said};

/// A server that answers this long after the last chunk, and a reader as slow, are still sound.
const SLOW_PEER: Duration = Duration::from_secs(30);

/// After this long, what the upload has left running has ended, or does not end by itself.
const SETTLED_AFTER: Duration = Duration::from_secs(60);

/// How long the reader takes for one chunk.
const READ_TAKES: Duration = Duration::from_millis(10);

/// A file that takes ten seconds to read.
const LARGE: usize = 1000 * CHUNK;

/// Chunks that may be between reader and server while both are busy.
const CHUNKS_IN_FLIGHT: usize = 16;

pub fn check() -> Check {
    Check::new()
        .expects("every byte arrives, in order and numbered from 0")
.hint("The number is the chunk's place in the file. The last chunk may be short.")
.plays(every_byte)
        .expects("every chunk but the last is full, and none is empty")
.hint("A read may return less than the buffer has room for, also before the end of the file.")
.plays(full_chunks)
        .expects("the upload comes to an end")
.hint("The server answers when your requests have ended. What ends them, and what in your \
             code keeps them open?")
.plays(comes_to_an_end)
        .expects("the first chunk is sent before the file is read to its end")
.hint("A file may be larger than memory. What must run at the same time?")
.plays(sends_while_reading)
        .expects("stops reading when the server has refused")
.hint("What does a failed send tell you about the call?")
.plays(stops_when_refused)
        .expects("stops reading when the server has answered early with OK")
.hint("An early answer need not be an error. Nevertheless the call is over.")
.plays(stops_when_answered)
        .expects("returns an early answer although the reader gives nothing more")
.hint("Code that awaits only the next piece does not notice that the call is over.")
.plays(answered_while_reading)
        .expects("holds little in memory when the server does not read")
.hint("Chunks that wait between the reader and the connection are in memory. What limits them?")
.plays(bounded)
        .expects("a reader that fails does not look like the end of the file")
.hint("The server must not see END_STREAM. Dropping the call resets its stream, unless \
             something ends the request stream first.")
.plays(reader_fails)
}

async fn every_byte(lab: Lab) -> Verdict {
    for length in [CHUNK * 3, CHUNK * 2 + 5, 1, LARGE] {
        let uploads = Uploads::new(Answer::AtTheEnd);
        let file = Reader::new(length);
        let uploaded = in_time(run(&lab, &uploads, file)).await?;
        let receipt = uploaded.answer.map_err(|status| {
            Finding::seen(format!(
                "{length} bytes: the call ended with {}",
                said(&status)
            ))
        })?;
        let got = uploads.seen();
        ensure(got.bytes == Reader::content(length), || {
            format!(
                "of {length} bytes, {} arrived, or they arrived in another order",
                got.bytes.len()
            )
        })?;
        let numbers: Vec<i32> = (0..).take(got.numbers.len()).collect();
        ensure(got.numbers == numbers, || {
            format!("the chunk numbers came as {:?}", got.numbers)
        })?;
        ensure(got.names.iter().all(|name| name == "file.bin"), || {
            format!("the file names came as {:?}", got.names)
        })?;
        let total = i64::try_from(length).unwrap_or(i64::MAX);
        ensure(receipt.total_size == total, || {
            format!(
                "{length} bytes were sent, and total_size came back as {}",
                receipt.total_size
            )
        })?;
        let chunks = i32::try_from(got.numbers.len()).unwrap_or(i32::MAX);
        ensure(uploaded.chunks_taken == chunks, || {
            format!(
                "chunks_taken is {}, and {chunks} arrived",
                uploaded.chunks_taken
            )
        })?;
    }
    Ok(())
}

async fn full_chunks(lab: Lab) -> Verdict {
    for (length, piece) in [
        (CHUNK * 3, CHUNK),
        (CHUNK * 2 + 5, 4),
        (CHUNK * 2, 1),
        (0, CHUNK),
    ] {
        let uploads = Uploads::new(Answer::AtTheEnd);
        // Other expectations grade how it ends.
        let _ = in_time(run(
            &lab,
            &uploads,
            Reader::new(length).giving(piece).slow(READ_TAKES),
        ))
        .await?;
        let lengths = uploads.seen().lengths;
        let full: Vec<usize> = Reader::content(length)
            .chunks(CHUNK)
            .map(<[u8]>::len)
            .collect();
        ensure(lengths == full, || {
            format!(
                "{length} bytes, of which a read gives at most {piece}, arrived in chunks of {lengths:?}"
            )
        })?;
    }
    Ok(())
}

async fn comes_to_an_end(lab: Lab) -> Verdict {
    let uploads = Uploads::new(Answer::AtTheEnd).answering_after(SLOW_PEER);
    // No time limit here: if the request stream does not end, the stall detector reports it.
    let uploaded = run(&lab, &uploads, Reader::new(CHUNK).slow(SLOW_PEER)).await?;
    uploaded.answer.map(|_| ()).map_err(|status| {
        let seconds = SLOW_PEER.as_secs();
        let what = said(&status);
        Finding::seen(format!(
            "the server answered OK after {seconds} s, and the upload returned {what}"
        ))
        .hint("The server decides how long its answer takes.")
    })
}

async fn sends_while_reading(lab: Lab) -> Verdict {
    let uploads = Uploads::new(Answer::AtTheEnd);
    let file = Reader::new(LARGE).slow(READ_TAKES);
    let read = file.progress();
    // Other expectations grade how it ends.
    let _ = in_time(run(&lab, &uploads, file)).await?;
    let Some(first) = uploads.seen().first else {
        return Err(Finding::seen("no chunk arrived"));
    };
    ensure(first <= READ_TAKES * 2, || {
        format!(
            "the first chunk arrived after {} ms; reading one takes {} ms, reading all {} ms",
            first.as_millis(),
            READ_TAKES.as_millis(),
            (READ_TAKES * 1000).as_millis()
        )
    })?;
    ensure(read.bytes() == LARGE, || {
        format!("{} of {LARGE} bytes were read", read.bytes())
    })
}

async fn stops_when_refused(lab: Lab) -> Verdict {
    let refusal = Status::invalid_argument("three chunks are enough");
    let uploaded = early(&lab, Answer::After(3, Err(refusal))).await?;
    match uploaded.answer {
        Err(status) if status.code() == Code::InvalidArgument => Ok(()),
        Err(status) => Err(Finding::seen(format!(
            "the server answered InvalidArgument, and the upload returned {}",
            said(&status)
        ))
        .hint("A failed send does not say why it failed. The call's status does.")),
        Ok(_) => Err(Finding::seen(
            "the server refused, and the upload returned Ok",
        )),
    }
}

async fn stops_when_answered(lab: Lab) -> Verdict {
    let uploaded = early(&lab, Answer::After(3, Ok(()))).await?;
    match uploaded.answer {
        Ok(_) => Ok(()),
        Err(status) => Err(Finding::seen(format!(
            "the server answered OK, and the upload returned {}",
            said(&status)
        ))),
    }
}

/// Uploads a large file to a server that answers early, and grades how much of it was read.
async fn early(lab: &Lab, answer: Answer) -> Result<Uploaded, Finding> {
    let uploads = Uploads::new(answer);
    let file = Reader::new(LARGE).slow(READ_TAKES);
    let read = file.progress();
    let uploaded = in_time(run(lab, &uploads, file)).await?;
    // A task that the upload has left running may still be reading.
    tokio::time::sleep(SETTLED_AFTER).await;
    let (chunks, all) = (read.bytes() / CHUNK, LARGE / CHUNK);
    ensure(chunks <= CHUNKS_IN_FLIGHT, || {
        format!("the server had answered after 3 chunks, and {chunks} of {all} were read")
    })?;
    let taken = uploaded.chunks_taken;
    ensure(taken == 3, || {
        format!("chunks_taken is {taken}; the fourth chunk was read when the call was over")
    })?;
    Ok(uploaded)
}

async fn answered_while_reading(lab: Lab) -> Verdict {
    let refusal = Status::invalid_argument("three chunks are enough");
    let uploads = Uploads::new(Answer::After(3, Err(refusal)));
    let file = Reader::new(LARGE)
        .slow(READ_TAKES)
        .stalling_after(3 * CHUNK);
    let uploaded = in_time(run(&lab, &uploads, file)).await.map_err(|finding| {
        finding.hint("The server has answered, and the reader gives nothing. Which of the two ends your wait?")
    })?;
    ensure(uploaded.answer.is_err(), || {
        "the server refused, and the upload returned Ok".to_owned()
    })
}

async fn bounded(lab: Lab) -> Verdict {
    let uploads = Uploads::new(Answer::Never);
    let all = 20_000;
    let file = Reader::new(all * CHUNK);
    let read = file.progress();
    // The server never answers, so the upload cannot end.
    let _ = timeout(UPLOADED_WITHIN, run(&lab, &uploads, file)).await;
    let chunks = read.bytes() / CHUNK;
    ensure(chunks < all / 4, || {
        format!("the server read nothing, and {chunks} of {all} chunks were read from the file")
    })
}

async fn reader_fails(lab: Lab) -> Verdict {
    let uploads = Uploads::new(Answer::AtTheEnd);
    let file = Reader::new(CHUNK * 5)
        .slow(READ_TAKES)
        .failing_after(CHUNK * 2);
    let client = connected(&lab, &uploads).await?;
    let ended = in_time(async { Ok(upload(client, "file.bin", file).await) }).await?;
    match ended {
        Ok(_) => return Err(Finding::seen("the reader's error was not returned")),
        Err(error) => ensure(error.kind() == BROKEN, || {
            format!(
                "the reader failed with {BROKEN:?}, and the upload with {:?}",
                error.kind()
            )
        })?,
    }
    // Tasks that the upload has left running end, too.
    tokio::time::sleep(SETTLED_AFTER).await;
    let half_closed = lab.calls().iter().any(|call| call.request.ended);
    let open = lab.open_calls();
    ensure(open.is_empty(), || {
        format!("the call was still open: {}", open)
    })?;
    ensure(!half_closed, || {
        "the call was half-closed after 2 of 5 chunks, which the server takes for a whole file"
            .to_owned()
    })
}
