"""Part 2: which code a client sees. Four clients against a tonic server, and a tonic client against four
servers."""

import re
import sys
import time

import programs
from programs import GO, HERE, containing, served

GOES_ON = "the stream goes on"
# For what a call that has not ended by then does. Every deadline and timeout of a play is shorter.
PATIENCE = 2.5
# Time enough for the PINGs that grpcio's server tolerates, and one more.
PINGED = 6.0

OF_A_TONIC_SERVER = {
    "upload_too_long": "a message over the server's limit",
    "too_long": "a message over the client's limit",
    "handler_waits": "`Server::timeout` runs out",
    "deadline": "the client's deadline runs out before the answer",
    "stream_deadline": "the client's deadline runs out in a stream",
    "handler_panics": "the handler panics",
    "stream_panics": "the response stream panics",
    "task_panics": "the task that produces the responses panics",
    "handler_fails": "InvalidArgument with a text of 16.3 kB, from the handler",
    "stream_fails": "DataLoss with a text of 16.3 kB, in a stream",
    "metadata": "20 kB of request metadata (HTTP 431)",
    "killed": "the server is killed in a stream",
}
OF_A_TONIC_CLIENT = {
    "call_first": "the client sends its first message when the call is answered; the handler echoes",
    "headers_first": "the same, and the handler sends its headers first",
    "queue_first": "the client queues its first message before the call; the handler echoes",
    "upload_too_long": "a message over the server's limit",
    "handler_fails": "the handler raises, throws or panics",
    "stream_fails": "the response stream raises, emits an error or panics",
    "stream_deadline": "`set_timeout` runs out in a stream",
    "stream_pings": "the client sends a PING every 500 ms, and the stream is silent",
    "stopped": "the server stops in a stream: Ctrl-C, `stop(grace=None)`, `forceShutdown()`, `Stop`",
    "killed": "the server is killed in a stream",
}
# Whichever timer is first, the client's or the server's, and it is not the same one in every run.
EITHER_TIMER = "DeadlineExceeded, or Cancelled if the server's timer is first"


def of_clients(client):
    """What one client sees of a tonic server, case by case."""
    for case in OF_A_TONIC_SERVER:
        server, address = served(programs.rust("peers"), "serve", "--addr", "127.0.0.1:0")
        found = code(client, case, server, address)
        server.kill()
        if case == "deadline" and client.name != "tonic" and found in EITHER_TIMER:
            found = EITHER_TIMER
        yield found


def of_servers(name, start, client):
    """What a tonic client sees of one server, case by case."""
    for case in OF_A_TONIC_CLIENT:
        more = [case] if case == "headers_first" else []
        server, address = start(more)
        asked = PANICS.get(case, case) if name == "tonic" else case
        found = code(client, asked, server, address)
        if case in PANICS and server.ends():
            found += ", and the server's process ends"
        yield CHATS.get(found, found) if case in CHAT else found
        server.kill()


# In Rust a handler that fails returns a status; what compares with an exception is a panic.
PANICS = {"handler_fails": "handler_panics", "stream_fails": "stream_panics"}

CHAT = ("call_first", "headers_first", "queue_first")
CHATS = {"Ok": "answered", GOES_ON: "never answered"}


def code(client, case, server, address):
    program = client.begin("code", case, address)
    if case in ("killed", "stopped"):
        program.expect(containing("answered"))
        # The stream is silent from here on.
        time.sleep(0.2)
        end(server, case)
    line = program.wait(containing("code "), PINGED if "pings" in case else PATIENCE)
    if line:
        client.end()
        return in_words(line, case)
    client.kill()
    return GOES_ON


def end(server, how):
    if how == "killed":
        server.kill()
    elif server.command[0] == programs.rust("peers"):
        # What Ctrl-C is to a lesson: `serve_with_shutdown`.
        server.interrupt()
    else:
        server.tell("stop")


def in_words(line, case):
    name, length = re.search(r"code (\w+) (\d+):", line).groups()
    # DEADLINE_EXCEEDED in Python and Node, DeadlineExceeded in Rust.
    if name.isupper() or "_" in name:
        name = "".join(part.capitalize() for part in name.split("_"))
    # Go has its own spelling, and its own capitals for OK.
    name = {"Canceled": "Cancelled", "OK": "Ok"}.get(name, name)
    if case in ("handler_fails", "stream_fails") and int(length) == 0:
        name += ", without its text"
    return name


def servers(names):
    """How each server is started; arguments are for those that are not Rust's."""
    started = {
        "tonic": lambda _: served(programs.rust("peers"), "serve", "--addr", "127.0.0.1:0"),
        "grpcio": lambda more: served(sys.executable, HERE / "python/server.py", *more),
        "grpc-js": lambda more: served("node", HERE / "node/server.mjs", *more),
        "grpc-go": lambda more: served(GO, "serve", *more),
    }
    return {name: started[name] for name in names}
