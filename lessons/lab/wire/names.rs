//! The names that HTTP/2 and gRPC give to their numbers.

/// An HTTP/2 error code (RFC 9113 section 7).
#[must_use]
pub fn error_code(code: u32) -> String {
    const NAMES: [&str; 14] = [
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED",
    ];
    named(&NAMES, 0, code)
}

/// A setting (RFC 9113 section 6.5.2).
#[must_use]
pub fn setting(identifier: u16) -> String {
    const NAMES: [&str; 6] = [
        "HEADER_TABLE_SIZE",
        "ENABLE_PUSH",
        "MAX_CONCURRENT_STREAMS",
        "INITIAL_WINDOW_SIZE",
        "MAX_FRAME_SIZE",
        "MAX_HEADER_LIST_SIZE",
    ];
    named(&NAMES, 1, u32::from(identifier))
}

/// A gRPC status code, from the number in `grpc-status`.
#[must_use]
pub fn status_code(number: &str) -> String {
    const NAMES: [&str; 17] = [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];
    number
        .parse()
        .map_or_else(|_| number.to_owned(), |code| named(&NAMES, 0, code))
}

/// A number with its thousands set apart: 65,535.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Undoes the percent-encoding of `grpc-message` (gRPC over HTTP/2, *Status-Message*).
///
/// What is no valid escape stays as it is, as the specification asks of a reader.
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

fn named(names: &[&str], first: u32, number: u32) -> String {
    number
        .checked_sub(first)
        .and_then(|index| usize::try_from(index).ok())
        .and_then(|index| names.get(index))
        .map_or_else(|| format!("number {number}"), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_a_name_stay_numbers() {
        assert_eq!(error_code(8), "CANCEL");
        assert_eq!(error_code(99), "number 99");
        assert_eq!(setting(4), "INITIAL_WINDOW_SIZE");
        assert_eq!(setting(0), "number 0");
        assert_eq!(status_code("3"), "INVALID_ARGUMENT");
        assert_eq!(status_code("x"), "x");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(65_535), "65,535");
        assert_eq!(grouped(4_194_304), "4,194,304");
    }

    #[test]
    fn a_status_message_is_percent_decoded_and_a_broken_escape_stays() {
        assert_eq!(percent_decoded("name%20is%20empty"), "name is empty");
        assert_eq!(percent_decoded("%c3%a9"), "é");
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%+1"), "%zz%+1");
    }
}
