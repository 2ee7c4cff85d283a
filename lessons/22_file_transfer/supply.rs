//! The server's half of a Get.

use std::io;
use std::sync::Arc;

use futures::stream::{self, Stream};
use sha2::{Digest as _, Sha256};
use tonic::Status;
use tracing::info;
use workbook::proto::files::get_response::Step;
use workbook::proto::files::{End, GetRequest, GetResponse, Piece};

use super::disk::Reading;
use super::names::check_name;
use super::store::Store;
use super::upload::digest_of;

/// A file that is being sent.
struct Supply {
    store: Arc<Store>,
    file: Arc<dyn Reading>,
    digest: Sha256,
    offset: u64,
    end: u64,
    next: Next,
    piece: usize,
}

enum Next {
    Size(u64),
    Piece,
    Nothing,
}

// ANCHOR: supply
/// Opens the file once. If another one takes its name meanwhile, this call still sends the old one: a
/// call that opens it by name for each piece sends a mixture of the two.
pub async fn supply(
    store: Arc<Store>,
    request: GetRequest,
    piece: usize,
) -> Result<impl Stream<Item = Result<GetResponse, Status>>, Status> {
    let GetRequest {
        name,
        offset,
        length,
    } = request;
    check_name(&name).map_err(|why| Status::invalid_argument(format!("the name {why}")))?;
    let opened = store
        .on_disk(move |disk| {
            let file: Arc<dyn Reading> = disk.open(&name)?.into();
            let size = file.length()?;
            if offset > size {
                return Ok(None);
            }
            // The end's digest is of the file from its first byte on. What the client holds already
            // is read here again.
            let digest = digest_of(&*file, offset)?;
            Ok(Some((file, size, digest)))
        })
        .await?;
    let Some((file, size, digest)) = opened else {
        return Err(Status::out_of_range("the file ends before this offset"));
    };
    let end = match length {
        0 => size,
        length => offset.saturating_add(length).min(size),
    };
    info!(from = offset, "sends bytes {offset} to {end} of {size}");
    let supply = Supply {
        store,
        file,
        digest,
        offset,
        end,
        next: Next::Size(size),
        piece,
    };
    Ok(stream::try_unfold(supply, step))
}
// ANCHOR_END: supply

async fn step(mut supply: Supply) -> Result<Option<(GetResponse, Supply)>, Status> {
    let step = match supply.next {
        Next::Size(size) => {
            supply.next = Next::Piece;
            Step::Size(size)
        }
        Next::Piece if supply.offset < supply.end => {
            let (file, offset) = (Arc::clone(&supply.file), supply.offset);
            let left = usize::try_from(supply.end - offset).unwrap_or(usize::MAX);
            let most = left.min(supply.piece);
            let data = supply
                .store
                .on_disk(move |_| read(&*file, offset, most))
                .await?;
            supply.digest.update(&data);
            supply.offset += u64::try_from(data.len()).unwrap_or_default();
            Step::Piece(Piece { offset, data })
        }
        Next::Piece => {
            supply.next = Next::Nothing;
            let (size, sha256) = (supply.offset, supply.digest.clone().finalize().to_vec());
            Step::End(End { size, sha256 })
        }
        Next::Nothing => return Ok(None),
    };
    Ok(Some((GetResponse { step: Some(step) }, supply)))
}

fn read(file: &dyn Reading, offset: u64, most: usize) -> io::Result<Vec<u8>> {
    let data = file.read(offset, most)?;
    if data.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(data)
}
