//! Bytes a second, bytes on the wire, and the time to the first message.

use std::sync::atomic::Ordering;
use std::time::Instant;

use tonic::codec::CompressionEncoding::Gzip;
use tonic::transport::Channel;

use crate::messages::Sample;
use crate::proto::files::DownloadFileRequest;
use crate::proto::files::file_service_client::FileServiceClient;
use crate::proto::stream::stream_service_client::StreamServiceClient;
use crate::proto::stream::{StreamPoint, StreamRequest};
use crate::server::{LARGEST_MESSAGE, LATE};
use crate::target::Target;

/// Bytes a second, in chunks of that size.
pub async fn chunks(channel: Channel, size: usize, total: usize) -> Sample {
    let mut client = FileServiceClient::new(channel).max_decoding_message_size(LARGEST_MESSAGE);
    let began = Instant::now();
    let bytes = download(&mut client, size, total, "zeros").await?;
    Ok(bytes as f64 / began.elapsed().as_secs_f64())
}

/// How many bytes cross the wire for each KiB of the file.
pub async fn bytes_for_a_kib(target: &Target, kind: &str, gzip: bool) -> Sample {
    const CHUNK: usize = 64 * 1024;
    const TOTAL: usize = 4 * 1024 * 1024;
    let (channel, read) = target.counted().await?;
    let mut client = FileServiceClient::new(channel);
    if gzip {
        client = client.accept_compressed(Gzip);
    }
    let bytes = download(&mut client, CHUNK, TOTAL, kind).await?;
    Ok(read.load(Ordering::Relaxed) as f64 * 1024.0 / bytes as f64)
}

/// Bytes of the file a second, compressed or not.
pub async fn compressed(target: &Target, kind: &str, gzip: bool, total: usize) -> Sample {
    const CHUNK: usize = 64 * 1024;
    let mut client = FileServiceClient::new(target.channel().await?);
    if gzip {
        client = client.accept_compressed(Gzip);
    }
    let began = Instant::now();
    let bytes = download(&mut client, CHUNK, total, kind).await?;
    Ok(bytes as f64 / began.elapsed().as_secs_f64())
}

/// Seconds until a message is there that the server sends 5 ms after its headers.
pub async fn first_message(channel: Channel) -> Sample {
    let mut client = StreamServiceClient::new(channel);
    let pt = Some(StreamPoint {
        name: LATE.to_owned(),
        value: 1,
    });
    let began = Instant::now();
    let mut responses = client.list(StreamRequest { pt }).await?.into_inner();
    responses.message().await?.ok_or("no message came")?;
    Ok(began.elapsed().as_secs_f64())
}

async fn download(
    client: &mut FileServiceClient<Channel>,
    size: usize,
    total: usize,
    kind: &str,
) -> Result<u64, Box<dyn std::error::Error>> {
    let file_id = format!("{size} {} {kind}", total.div_ceil(size));
    let request = DownloadFileRequest { file_id };
    let mut chunks = client.download_file(request).await?.into_inner();
    let mut bytes = 0;
    while let Some(chunk) = chunks.message().await? {
        bytes += chunk.data.len() as u64;
    }
    Ok(bytes)
}
