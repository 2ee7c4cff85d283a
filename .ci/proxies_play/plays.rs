//! What is played: calls through the ports of the configurations.

use super::client::Call;

/// One call through one port.
pub struct Play {
    pub port: &'static str,
    pub call: Call,
    pub behaviour: &'static str,
    pub pings: bool,
}

pub const fn play_of(port: &'static str, call: Call, behaviour: &'static str) -> Play {
    Play {
        port,
        call,
        behaviour,
        pings: false,
    }
}

/// Which setting ends what is quiet.
pub const CUTS: &[(usize, &str, Play)] = &[
    (
        0,
        "`grpc_read_timeout`; a server stream",
        play_of("nginx_read", Call::List, "quiet"),
    ),
    (
        0,
        "`grpc_read_timeout`; no answer yet",
        play_of("nginx_read", Call::List, "stuck"),
    ),
    (
        0,
        "`grpc_read_timeout`; an upload",
        play_of("nginx_read", Call::Upload, "quiet"),
    ),
    (
        0,
        "`client_body_timeout`; a server stream",
        play_of("nginx_body", Call::List, "quiet"),
    ),
    (
        0,
        "`client_body_timeout`; a bidirectional call",
        play_of("nginx_body", Call::Watch, "quiet"),
    ),
    (
        0,
        "`client_body_timeout`; an upload",
        play_of("nginx_body", Call::Upload, "quiet"),
    ),
    (
        0,
        "`grpc_send_timeout`, `send_timeout`, `keepalive_timeout`; a server stream",
        play_of("nginx_send", Call::List, "quiet"),
    ),
    (
        1,
        "`timeout server`; a server stream",
        play_of("haproxy_server", Call::List, "quiet"),
    ),
    (
        1,
        "`timeout server`; no answer yet",
        play_of("haproxy_server", Call::List, "stuck"),
    ),
    (
        1,
        "`timeout server`; an upload",
        play_of("haproxy_server", Call::Upload, "quiet"),
    ),
    (
        1,
        "`timeout client`, `timeout tunnel`; a server stream",
        play_of("haproxy_client", Call::List, "quiet"),
    ),
];

/// Other ends.
pub const ENDS: &[(usize, &str, Play)] = &[
    (
        0,
        "nothing listens behind it",
        play_of("nginx_refused", Call::List, "quiet"),
    ),
    (
        0,
        "the same, and an `error_page` answers in gRPC",
        play_of("nginx_answers", Call::List, "quiet"),
    ),
    (
        1,
        "nothing listens behind it",
        play_of("haproxy_refused", Call::List, "quiet"),
    ),
    (
        0,
        "an upload is longer than `client_max_body_size`",
        play_of("nginx_size", Call::UploadMuch, "quiet"),
    ),
    (
        2,
        "no proxy: the client drops its upload",
        play_of("server", Call::UploadDropped, "quiet"),
    ),
    (
        0,
        "the client drops its upload",
        play_of("nginx_size", Call::UploadDropped, "quiet"),
    ),
    (
        1,
        "the client drops its upload",
        play_of("haproxy_client", Call::UploadDropped, "quiet"),
    ),
];

/// What keeps a call open, and through which setting.
pub const KEEPS: &[(&str, Call, &str, bool)] = &[
    ("nothing", Call::Watch, "quiet", false),
    ("a PING of the client", Call::Watch, "quiet", true),
    ("a PING of the server", Call::Watch, "quiet", false),
    (
        "a PING of the server, before it answers",
        Call::List,
        "stuck",
        false,
    ),
    ("a message of the client", Call::WatchSays, "quiet", false),
    (
        "a message of the client, in an upload",
        Call::UploadSays,
        "quiet",
        false,
    ),
    ("a message of the server", Call::Watch, "says", false),
];
pub const SETTINGS: [(&str, &str, &str); 3] = [
    ("`grpc_read_timeout`", "nginx_read", "nginx_read_pinged"),
    ("`client_body_timeout`", "nginx_body", "nginx_body_pinged"),
    (
        "`timeout server`",
        "haproxy_server",
        "haproxy_server_pinged",
    ),
];

/// Whether the setting never ends such a call, as the other table shows.
pub fn does_not_apply(call: Call, setting: &str) -> bool {
    match call {
        // The request is complete.
        Call::List => setting == "`client_body_timeout`",
        Call::UploadSays => setting == "`grpc_read_timeout`",
        _ => false,
    }
}
