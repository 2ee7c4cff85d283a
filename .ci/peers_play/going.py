"""Part 1: the clients go away in the middle of an upload and of a download; what is seen of it."""

import re
import time

import programs
from programs import containing, frames, served
from relay import Relay

# After a client has gone, this much silence means that nothing more comes.
QUIET = 0.4
# And a way that sends nothing is waited for this long. A deadline is in here, too.
LONGEST = 3.0

# What is done in each client, for the ways that the columns call by one name.
UPLOADS = {
    "tonic": {
        "complete": "the last message, then half-close",
        "half_close": "half-close without it: every sender is dropped",
        "producer_fails": "the task that produces the requests panics",
        "call_dropped": "the call's future is dropped",
        "cancel": "the cancellation handle is used",
        "deadline": "`set_timeout` runs out",
        "channel_closed": "the last `Channel` of the program is dropped",
        "killed": "the process is killed",
    },
    "grpcio": {
        "complete": "the last message, then half-close",
        "half_close": "half-close without it: the request iterator ends",
        "producer_fails": "the request iterator raises",
        "cancel": "`call.cancel()`",
        "deadline": "the `timeout` runs out",
        "channel_closed": "`channel.close()`",
        "killed": "the process is killed",
    },
    "grpc-js": {
        "complete": "the last message, then half-close",
        "half_close": "half-close without it: `call.end()`",
        "producer_fails": "the source of a `pipeline` throws",
        "destroyed": "`call.destroy()`",
        "cancel": "`call.cancel()`",
        "deadline": "the `deadline` runs out",
        "channel_closed": "`client.close()`",
        "killed": "the process is killed",
    },
    "grpc-go": {
        "complete": "the last message, then half-close",
        "half_close": "half-close without it: `CloseSend`",
        "abandoned": "the stream is not used further, and collected",
        "cancel": "the context is cancelled",
        "deadline": "the context's deadline runs out",
        "channel_closed": "`ClientConn.Close`",
        "killed": "the process is killed",
    },
}
DOWNLOADS = {
    "tonic": {
        "cancel": "the stream is dropped",
        "deadline": "`set_timeout` runs out",
        "channel_closed": "the last `Channel` of the program is dropped",
        "killed": "the process is killed",
    },
    "grpcio": {
        "cancel": "`call.cancel()`",
        "abandoned": "the call is not read further, and collected",
        "deadline": "the `timeout` runs out",
        "channel_closed": "`channel.close()`",
        "killed": "the process is killed",
    },
    "grpc-js": {
        "cancel": "`call.cancel()`",
        "abandoned": "`call.destroy()`",
        "deadline": "the `deadline` runs out",
        "channel_closed": "`client.close()`",
        "killed": "the process is killed",
    },
    "grpc-go": {
        "cancel": "the context is cancelled",
        "abandoned": "the stream is not used further, and collected",
        "deadline": "the context's deadline runs out",
        "channel_closed": "`ClientConn.Close`",
        "killed": "the process is killed",
    },
}

# Here the outcome is a race, so that a way is played until both outcomes have been seen. grpc-js sends two
# frames, and the handler runs between them or after both. A deadline has a timer on each side: if the
# server's is first, the handler is dropped without a word.
RACES = {
    ("grpc-js", "cancel", "fence"),
    ("grpc-js", "deadline", "fence"),
    ("tonic", "deadline", "broken"),
    ("grpcio", "deadline", "broken"),
    ("grpc-js", "deadline", "broken"),
    ("grpc-go", "deadline", "broken"),
}
# A play to write down is repeated this often at most, until a race has shown both outcomes.
TRIES = 60


def uploads(client, accept):
    """The rows of one client."""
    for way, words in UPLOADS[client.name].items():
        plays = list(repeated(client, way, "broken", accept))
        # Where the client's timer was first, if it is one: the other outcome is the same for all clients.
        lines, wire = next((play for play in plays if handler_reads(play[0])), plays[0])
        reads = handler_reads(lines) or "nothing: it waits"
        if way == "deadline":
            reads += ", or it is dropped before"
        at_none = either(plays)
        fence = either(repeated(client, way, "fence", accept))
        last = either(repeated(client, way, "fixed", accept))
        yield [client.name, words, wire, reads, at_none, fence, last]


def repeated(client, way, scene, accept):
    """One play, or those of a race: until both outcomes are seen, or, to compare, until the handler has
    read the end."""
    seen = set()
    for _ in range(TRIES if (client.name, way, scene) in RACES else 1):
        lines, wire = upload(client, way, scene, relayed=scene == "broken")
        yield lines, wire
        seen.add(committed(lines))
        if len(seen) == 2 or (not accept and (scene == "fence" or handler_reads(lines))):
            return


def either(plays):
    seen = {committed(lines) for lines, _ in plays}
    return "sometimes" if len(seen) == 2 else seen.pop()


def upload(client, way, scene, relayed):
    """Plays an upload against lesson 06: the server's lines, and the wire in words."""
    lesson = programs.BIN / "lesson06"
    server, address = served(lesson, "serve", "--scene", scene, "--addr", "127.0.0.1:0", "--wire")
    relay = Relay(address) if relayed else None
    sends = ["upload", way, relay.address if relay else address]
    program = client.begin(*sends)
    # A deadline may be over before, on a machine that is busy.
    server.wait(lambda lines: messages(lines) >= 3, 2 if way == "deadline" else 10)
    before = len(frames(server.lines))
    lines, wire = goes(client, program, server, way, relay, before)
    server.kill()
    return lines, wire


def goes(client, program, server, way, relay, before):
    """Has the client go, waits until all is quiet, and says what came over the wire."""
    if way == "killed":
        client.kill()
    else:
        program.tell("go")

    def seen():
        return from_client(server.lines, before), relay.ended if relay else None

    until = time.monotonic() + (LONGEST if way in ("deadline", "channel_closed") else LONGEST / 2)
    while not any(seen()) and not spoke(server.lines) and time.monotonic() < until:
        time.sleep(0.01)
    count = -1
    while count != len(server.lines):
        count = len(server.lines)
        time.sleep(QUIET)
    sent, ended = seen()
    lines = list(server.lines)
    if way != "killed":
        client.end()
    return lines, ", then ".join(sent + ([ended] if ended else [])) or "nothing"


def spoke(lines):
    return containing("commits", "discards", "stores nothing", "is dropped")(lines)


def from_client(lines, before):
    """What ends something, in the client's frames after the first so many frames of the transcript."""
    sent = []
    for direction, kind, _, meaning in frames(lines)[before:]:
        if direction == "←":
            continue
        if "END_STREAM" in meaning:
            sent.append("END_STREAM")
        elif kind in ("RST_STREAM", "GOAWAY"):
            words = re.match(r"\w+", meaning)[0]
            sent.append(f"{kind} {words}")
    return sent


def messages(lines):
    """How many whole messages the client's DATA frames bring."""
    count = 0
    for direction, kind, _, meaning in frames(lines):
        if direction == "→" and kind == "DATA" and (number := re.match(r"(\d+) messages?\b", meaning)):
            count += int(number[1])
    return count


def handler_reads(lines):
    if containing("None after")(lines):
        return "`Ok(None)`"
    if found := containing("stores nothing")(lines):
        return "`Err(%s)`" % found.rsplit(" ", 1)[1]
    return ""


def committed(lines):
    return "yes" if containing("commits")(lines) else "no"


def downloads(client):
    """The rows of one client that reads a stream."""
    for way, words in DOWNLOADS[client.name].items():
        server, address = served(programs.rust("peers"), "serve", "--addr", "127.0.0.1:0", "--wire")
        relay = Relay(address)
        program = client.begin("download", way, relay.address)
        program.expect(containing("read"))
        # The client's own end belongs to the call and not to what comes now, and its line may be on its way.
        server.wait(lambda lines: "END_STREAM" in from_client(lines, 0), 10)
        before = len(frames(server.lines))
        lines, wire = goes(client, program, server, way, relay, before)
        dropped = containing("is dropped")(lines)
        server.kill()
        yield [client.name, words, wire, "is dropped" if dropped else "goes on"]
