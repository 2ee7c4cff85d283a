//! What a planned server holds of the file, and what it has seen.

use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use tonic::Status;
use workbook::grade::{Finding, Verdict, count, ensure};
use workbook::proto::files::End;

use super::given::{Given, content};

/// A call that came.
#[derive(Debug, Clone)]
pub struct Call {
    pub at: Instant,
    pieces: Vec<u64>,
    pub end: Option<End>,
}

#[derive(Default)]
pub struct Seen {
    pub calls: Vec<Call>,
    /// How many bytes it said it holds, each time.
    pub told: Vec<u64>,
    held: Vec<u8>,
    stored: Option<Vec<u8>>,
    misplaced: Option<String>,
}

impl Seen {
    pub fn holds(&mut self, bytes: u64, changed: u8) {
        let bytes = content(0, bytes).into_iter();
        self.held = bytes.map(|byte| byte.wrapping_add(changed)).collect();
    }

    pub fn forgets(&mut self, bytes: usize) {
        let kept = self.held.len().saturating_sub(bytes);
        self.held.truncate(kept);
    }

    /// A call begins; its place among the calls.
    pub fn is_called(&mut self) -> usize {
        let (at, pieces) = (Instant::now(), Vec::new());
        let end = None;
        self.calls.push(Call { at, pieces, end });
        self.calls.len() - 1
    }

    pub fn last_call(&mut self, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.calls.last_mut() {
            change(call);
        }
    }

    /// A piece comes.
    pub fn takes(&mut self, offset: u64, data: &[u8]) -> Result<(), Status> {
        let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
        self.last_call(|call| call.pieces.push(length));
        let held = self.held.len();
        if usize::try_from(offset) != Ok(held) {
            let call = self.calls.len();
            let words = format!(
                "a piece of call {call} begins at {offset}, and the server holds {held} bytes"
            );
            self.misplaced.get_or_insert(words.clone());
            return Err(Status::out_of_range(words));
        }
        self.held.extend_from_slice(data);
        Ok(())
    }

    /// The client is to be told how many bytes are held.
    pub fn tells(&mut self) -> u64 {
        let held = u64::try_from(self.held.len()).unwrap_or(u64::MAX);
        self.told.push(held);
        held
    }

    /// Compares what is held with the end of the last call, and stores it.
    pub fn stores(&mut self) -> Result<End, Status> {
        let held = std::mem::take(&mut self.held);
        let size = u64::try_from(held.len()).unwrap_or(u64::MAX);
        let is = End {
            size,
            sha256: Sha256::digest(&held).to_vec(),
        };
        let sent = self.calls.last().and_then(|call| call.end.clone());
        if sent.as_ref() != Some(&is) {
            return Err(Status::data_loss(
                "what is held is not what was sent; it is discarded",
            ));
        }
        self.stored = Some(held);
        Ok(is)
    }

    /// Expects so many calls.
    pub fn calls_are(&self, times: usize) -> Verdict {
        count(self.calls.len(), "calls").is(times)
    }

    /// How many calls had an end.
    pub fn ends(&self) -> usize {
        let ended = |call: &&Call| call.end.is_some();
        self.calls.iter().filter(ended).count()
    }

    /// Expects the file to be stored, byte for byte.
    pub fn has_stored(&self, file: &Given) -> Verdict {
        self.is_in_place()?;
        let stored = self.stored.as_ref();
        let stored = stored.ok_or_else(|| Finding::seen("the server has stored no file"))?;
        ensure(
            *stored == content(0, file.size),
            || "the server has stored another file",
        )
    }

    /// Expects each piece to begin where the one before it ends.
    pub fn is_in_place(&self) -> Verdict {
        match &self.misplaced {
            None => Ok(()),
            Some(misplaced) => Err(Finding::seen(misplaced.clone())),
        }
    }

    /// Expects every piece but the last to be of a good size.
    pub fn pieces_are_between(&self, least: u64, most: u64) -> Verdict {
        self.calls.iter().try_for_each(|call| {
            let (_, others) = call.pieces.split_last().unwrap_or((&0, &[]));
            let too_small = others.iter().find(|piece| **piece < least);
            let too_large = call.pieces.iter().find(|piece| **piece > most);
            let odd = too_small.or(too_large);
            ensure(odd.is_none(), || {
                format!("a piece has {} bytes", odd.unwrap_or(&0))
            })
        })
    }
}
