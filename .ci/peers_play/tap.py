"""`tap` between programs that are not ours: what it reads of them, and what it says of two that are stuck."""

import json
import re
import shlex
import sys

import buf
from programs import BIN, GO, HERE, ROOT, Program, go_client, node_client, python_client, served, tonic_client

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


class Tap:
    """The tap before a server, its events as JSON."""

    def __init__(self, address, *more):
        self.program = Program(BIN / "tap", "--json", "--listen", "127.0.0.1:0", *more, f"http://{address}")
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


def stuck(how, suspect, waits):
    """A grpcio client and server that wait for each other: the tap names who waits for what."""
    server, address = served(sys.executable, HERE / "python/stuck.py", "serve")
    tap = Tap(address, "--quiet", "--stalled", "1s", "--proto", CHAT)
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
