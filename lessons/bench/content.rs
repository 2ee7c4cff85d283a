//! What is in the files that are downloaded.

/// A file of equal chunks.
pub struct Content {
    pub chunks: i32,
    pub bytes: Vec<u8>,
}

/// The file of that id: "BYTES-IN-A-CHUNK CHUNKS KIND".
pub fn of(id: &str) -> Option<Content> {
    let mut words = id.split(' ');
    let size: usize = words.next()?.parse().ok()?;
    let chunks: i32 = words.next()?.parse().ok()?;
    let bytes = match words.next()? {
        "zeros" => vec![0; size],
        "text" => text(size),
        "noise" => noise(size),
        _ => return None,
    };
    Some(Content { chunks, bytes })
}

/// Lines as a log has them.
fn text(size: usize) -> Vec<u8> {
    let line = |number: u32| {
        format!(
            "2026-11-30T12:00:{:02} point {number} is stored\n",
            number % 60
        )
    };
    let lines = (0..).flat_map(|number| line(number).into_bytes());
    lines.take(size).collect()
}

/// Bytes without a pattern that gzip could use: xorshift64 (Marsaglia, 2003).
fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(next).flatten().take(size).collect()
}
