//! What a side speaks that does not speak HTTP/2, by its first bytes.

use streaming_lab::wire::Direction;

use super::teller::sender;

/// How a record of TLS begins: its type, and the first byte of its version (RFC 8446 section 5.1).
const HANDSHAKE: [u8; 2] = [22, 3];
const ALERT: [u8; 2] = [21, 3];

/// A sentence about it, and what to do.
pub(super) fn instead_of_http2(direction: Direction, first: &[u8]) -> String {
    let side = sender(direction);
    let is_tls = first.starts_with(&HANDSHAKE) || first.starts_with(&ALERT);
    let advice = match direction {
        Direction::ToServer if is_tls => {
            "speaks TLS, which the tap cannot read. Let it connect to the tap without TLS; the tap speaks TLS to a \
             server whose address begins with https://"
        }
        Direction::ToClient if is_tls => {
            "speaks TLS. Begin its address with https://, and let the client connect to the tap without TLS"
        }
        Direction::ToServer if is_method(first) => {
            "speaks HTTP/1.1. A gRPC client speaks HTTP/2 from its first byte on"
        }
        Direction::ToClient if first.starts_with(b"HTTP") => {
            "speaks HTTP/1.1. Is it a gRPC server, or does a proxy stand before it?"
        }
        _ => "speaks no HTTP/2",
    };
    let stop = if advice.ends_with('?') { "" } else { "." };
    format!("the {side} {advice}{stop} Bytes pass, and are not read")
}

/// Whether a request of HTTP/1.1 may begin so: with its method (RFC 9110 section 9.1).
fn is_method(first: &[u8]) -> bool {
    const METHODS: [&[u8]; 8] = [
        b"GET ", b"POST", b"PUT ", b"HEAD", b"OPTI", b"CONN", b"DELE", b"PATC",
    ];
    METHODS.contains(&first)
}
