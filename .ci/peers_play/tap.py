"""`tap` between programs that are not ours: what it reads of them, and what it says of two that are stuck."""

import json
import re
import shlex
import subprocess
import sys

import buf
from programs import BIN, GO, HERE, MADE, ROOT, Program, containing, go_client, node_client, python_client, served, tonic_client

CHAT = ROOT / "proto/chat/v1/chat.proto"
UPLOAD = "/files.v1.FileService/UploadFile"


def check():
    stuck("collects", suspect="the handler has not answered, and may wait for the half-close", waits=0)
    stuck("unread", suspect="the client does not read its responses", waits=1)
    for client in (python_client(), node_client()):
        upload(client)
    if GO.exists():
        upload(go_client())
        unanswered()
    of_buf()
    over_tls()


class Tap:
    """The tap before a server, its events as JSON."""

    def __init__(self, address, *more, scheme="http"):
        self.program = Program(BIN / "tap", "--json", "--listen", "127.0.0.1:0", *more, f"{scheme}://{address}")
        title = self.expect(lambda event: event["type"] == "scene")["title"]
        self.address = title.split()[0]

    def expect(self, found):
        """The first event that is looked for."""
        return self.program.expect(
            lambda lines: next((event for event in map(json.loads, lines) if found(event)), None)
        )

    def all(self):
        """Every event, after Ctrl-C."""
        self.program.interrupt()
        self.program.expect(lambda lines: lines and json.loads(lines[-1])["type"] == "end")
        return [json.loads(line) for line in self.program.lines]


def require(what, *held):
    if not all(held):
        raise SystemExit(f"tap, {what}: {held}")


def stuck(how, suspect, waits, pair=None):
    """A grpcio client and server that wait for each other: the tap names who waits for what."""
    more = ["--quiet", "--stalled", "1s", "--proto", CHAT]
    if pair:
        server, address = secure(pair)
        tap = Tap(address.replace("127.0.0.1", "localhost"), *more, "--ca", pair.certificate, scheme="https")
    else:
        server, address = served(sys.executable, HERE / "python/stuck.py", "serve")
        tap = Tap(address, *more)
    client = Program(sys.executable, HERE / "python/stuck.py", how, tap.address)
    said = tap.expect(lambda event: "suspect" in event.get("fields", {}))["fields"]
    require(how, said["suspect"] == suspect, len(said["waits"]) == waits, said)
    client.kill()
    tap.program.kill()
    server.kill()


def unanswered():
    """A tonic client that awaits the call before it sends anything, and a grpc-go server, which sends its headers
    with its first message."""
    server, address = served(GO, "serve")
    tap = Tap(address, "--quiet", "--stalled", "1s", "--proto", CHAT)
    client = tonic_client()
    client.begin("code", "call_first", tap.address)
    said = tap.expect(lambda event: "suspect" in event.get("fields", {}))["fields"]
    require("grpc-go", said["suspect"] == "each side waits for the other's first message", said)
    client.kill()
    tap.program.kill()
    server.kill()


def upload(client):
    """An upload of another language's client: each message with its content, the half-close, the status."""
    server, address = served(BIN / "lesson06", "serve", "--addr", "127.0.0.1:0")
    tap = Tap(address, "--only", UPLOAD)
    client.begin("upload", "complete", tap.address)
    client.program.tell("")
    tap.expect(lambda event: "grpc-status" in json.dumps(event.get("frame", {})))
    client.end()
    events = tap.all()
    messages = [event["fields"]["message"] for event in events if "message" in event.get("fields", {})]
    sent = [message for message in messages if "chunkNumber" in message or "fileName" in message]
    finish = [message for message in messages if "finish" in message]
    halves = [
        event["frame"]
        for event in events
        if event["type"] == "frame" and event["frame"]["end_stream"] and event["frame"]["direction"] == "to_server"
    ]
    require(client.name, len(sent) == 3, len(finish) == 1, len(halves) == 1, messages)
    client.kill()
    server.kill()


def of_buf():
    """The book's line for buf answers through the tap as it does without."""
    server, address = served(BIN / "lesson01", "serve", "--addr", "127.0.0.1:0")
    tap = Tap(address)
    line = re.search(r"`(buf curl [^`]+)`", buf.PAGE.read_text())[1]
    ran = buf.run(shlex.split(line.replace("127.0.0.1:50051", tap.address)))
    require("buf", ran.returncode == 0, ran.stderr == "", json.loads(ran.stdout) == {"message": "Hi, Ada!"})
    events = tap.all()
    answers = [event for event in events if event.get("fields", {}).get("path") == "/greeter.v1.GreeterService/SayHi"]
    require("buf's call", len(answers) == 2, answers)
    server.kill()


class Pair:
    """A key, and a certificate for localhost that openssl has signed with it. It is its own authority."""

    def __init__(self, name, *extensions):
        self.key, self.certificate = MADE / f"{name}.key", MADE / f"{name}.pem"
        made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        made += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", *extensions]
        made += ["-keyout", self.key, "-out", self.certificate]
        subprocess.run(made, check=True, stderr=subprocess.DEVNULL)


def over_tls():
    """A grpcio server with a certificate, and clients without TLS before the tap: calls end, those that hang are
    diagnosed, and what cannot be agreed on is said in a sentence."""
    no_authority = ["-addext", "basicConstraints=critical,CA:FALSE"]
    pair, other = Pair("localhost", *no_authority), Pair("authority")
    server, address = secure(pair)
    named = address.replace("127.0.0.1", "localhost")
    trusts = ["--ca", pair.certificate]

    tap = Tap(named, "--proto", CHAT, *trusts, scheme="https")
    client = Program(sys.executable, HERE / "python/stuck.py", "ends", tap.address)
    said = client.expect(lambda lines: lines[:1])
    events = tap.all()
    messages = [event["fields"]["message"] for event in events if "message" in event.get("fields", {})]
    authority = {"name": ":authority", "value": "localhost"}
    opened = [event["frame"]["body"]["headers"]["fields"] for event in events if ":authority" in json.dumps(event)]
    require("a call over TLS", said == ["answered ends OK"], len(messages) == 2, said, messages)
    # The client has named the server, and the tap has changed nothing.
    require("its authority", len(opened) == 1, authority in opened[0], opened)
    client.kill()

    stuck("unread", "the client does not read its responses", 1, pair)
    stuck("collects", "the handler has not answered, and may wait for the half-close", 0, pair)

    refused("a certificate that is not trusted", named, "Name a file with that authority's certificate: --ca FILE")
    refused("a name that it does not have", address, "is not for 127.0.0.1", *trusts)
    server.kill()
    server, address = secure(other)
    named = address.replace("127.0.0.1", "localhost")
    refused("an authority's own certificate", named, "CA:TRUE", "--ca", other.certificate)
    server.kill()
    server, address = served(sys.executable, HERE / "python/stuck.py", "serve")
    named = address.replace("127.0.0.1", "localhost")
    refused("a server without TLS", named, "If it has none, begin its address with http://", *trusts)
    server.kill()
    server = Program("openssl", "s_server", "-accept", "localhost:0", "-key", pair.key, "-cert", pair.certificate)
    address = server.expect(containing("ACCEPT")).split()[1]
    named = "localhost:" + address.rsplit(":", 1)[1]
    refused("a server that does not choose HTTP/2", named, "does not choose HTTP/2 (ALPN h2)", *trusts)
    server.kill()


def secure(pair):
    return served(sys.executable, HERE / "python/stuck.py", "serve", pair.key, pair.certificate)


def refused(what, address, words, *more):
    """The tap ends at once, with one line."""
    command = [BIN / "tap", "--listen", "127.0.0.1:0", *more, f"https://{address}"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=10)
    lines = ended.stderr.splitlines()
    require(what, ended.returncode == 1, len(lines) == 1, words in ended.stderr, ended)
