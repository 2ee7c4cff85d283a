//! What the clients of the check send.

use sha2::{Digest as _, Sha256};
use workbook::proto::files::{FileChunk, Finish};

/// How many chunks the file has that most clients send.
pub const CHUNKS: usize = 4;

/// Its chunks: of different sizes, and one of them empty.
pub fn file() -> Vec<Vec<u8>> {
    let chunks: [&[u8]; CHUNKS] = [b"one, ", b"", b"three, ", b"four"];
    chunks.map(<[u8]>::to_vec).to_vec()
}

pub fn chunk(name: &str, data: &[u8], chunk_number: i32) -> FileChunk {
    FileChunk {
        file_name: name.to_owned(),
        data: data.to_vec(),
        chunk_number,
        finish: None,
    }
}

/// The message that ends an upload of these chunks.
pub fn last(chunks: &[Vec<u8>]) -> FileChunk {
    let finish = Finish {
        chunks: i32::try_from(chunks.len()).unwrap_or(i32::MAX),
        sha256: Sha256::digest(chunks.concat()).to_vec(),
    };
    FileChunk {
        finish: Some(finish),
        ..FileChunk::default()
    }
}

/// A complete upload: the chunks, and the last message.
pub fn messages(name: &str, chunks: &[Vec<u8>]) -> Vec<FileChunk> {
    let numbered = (0..).zip(chunks);
    let chunks_of_file = numbered.map(|(number, data)| chunk(name, data, number));
    chunks_of_file.chain([last(chunks)]).collect()
}

/// The first so many messages of the upload of `file.bin`.
pub fn first(count: usize) -> impl Iterator<Item = FileChunk> {
    messages("file.bin", &file()).into_iter().take(count)
}

/// The `finish` of a complete upload.
pub fn finish(messages: &mut [FileChunk]) -> &mut Finish {
    let last = messages.last_mut().expect("an upload has a last message");
    last.finish.get_or_insert_default()
}

/// The upload of `file.bin`, changed.
fn but(change: impl FnOnce(&mut Vec<FileChunk>)) -> Vec<FileChunk> {
    let mut messages = messages("file.bin", &file());
    change(&mut messages);
    messages
}

pub fn with_wrong_digest() -> [(&'static str, Vec<FileChunk>); 4] {
    [
        ("a bit flipped on the way", but(|sent| sent[2].data[0] ^= 1)),
        ("an empty digest", but(|sent| finish(sent).sha256.clear())),
        (
            "the first four bytes of the digest",
            but(|sent| finish(sent).sha256.truncate(4)),
        ),
        (
            "the digest and another byte",
            but(|sent| finish(sent).sha256.push(0)),
        ),
    ]
}

pub fn with_odd_finish() -> [(&'static str, Vec<FileChunk>); 4] {
    let data = b"and more".to_vec();
    let mut counted = file();
    counted.push(data.clone());
    let named = |chunks: &[Vec<u8>]| FileChunk {
        file_name: "file.bin".to_owned(),
        ..last(chunks)
    };
    [
        (
            "data beside finish that is not counted",
            but(|sent| sent[CHUNKS].data = data.clone()),
        ),
        (
            "data beside finish that is counted",
            but(|sent| {
                sent[CHUNKS] = FileChunk {
                    data,
                    ..last(&counted)
                }
            }),
        ),
        ("finish alone, with a name", vec![named(&[])]),
        ("finish alone, without a name", vec![last(&[])]),
    ]
}

pub fn with_odd_claims() -> [(&'static str, Vec<FileChunk>); 4] {
    [
        (
            "every chunk_number is 0",
            but(|sent| sent.iter_mut().for_each(|chunk| chunk.chunk_number = 0)),
        ),
        (
            "numbers that run backwards",
            but(|sent| {
                let chunks = sent.iter_mut();
                chunks.for_each(|chunk| chunk.chunk_number = -chunk.chunk_number);
            }),
        ),
        (
            "a name in the first chunk only",
            but(|sent| {
                sent[1..]
                    .iter_mut()
                    .for_each(|chunk| chunk.file_name.clear())
            }),
        ),
        (
            "another name in the last chunk",
            but(|sent| sent[CHUNKS - 1].file_name = "other.bin".to_owned()),
        ),
    ]
}
