"""The programs that play, and what they print. Each is ended with the play, or with this process."""

import atexit
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
BIN = TARGET / "debug"
# Made by .ci/peers: the stubs, and a folder for what a server that is killed leaves behind.
MADE = TARGET / "peers"
# Not there where apt has no grpc-go.
GO = MADE / "go/peer"

running = set()


def end_all(*_):
    for program in list(running):
        program.kill()


def end_at_a_signal(*_):
    # Threads that still wait for a program would keep this process alive.
    end_all()
    os._exit(1)


atexit.register(end_all)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, end_at_a_signal)


class Program:
    """A child whose lines are kept as they come."""

    def __init__(self, *command):
        self.command = command
        environment = os.environ | {
            "NO_COLOR": "1",
            "PYTHONPATH": str(MADE / "stubs"),
            "TMPDIR": str(MADE / "tmp"),
            # What a C library says to its user is not part of a play.
            "GRPC_VERBOSITY": "NONE",
        }
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=environment,
            text=True,
        )
        running.add(self)
        self.lines = []
        self.over = False
        self.changed = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.child.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def tell(self, line):
        try:
            self.child.stdin.write(line + "\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            raise SystemExit(f"{self.command} has ended:\n{self.said()}")

    def wait(self, found, seconds):
        """What `found` makes of the lines, as soon as that is true; None after so many seconds."""
        until = time.monotonic() + seconds
        with self.changed:
            while not (value := found(self.lines)):
                left = until - time.monotonic()
                if left <= 0 or self.over:
                    return None
                self.changed.wait(left)
            return value

    def expect(self, found, seconds=10):
        value = self.wait(found, seconds)
        if not value:
            raise SystemExit(f"{self.command} did not say it in {seconds} s:\n{self.said()}")
        return value

    def ends(self):
        """Whether it has ended by itself, or does so at once: what reads its lines is a thread."""
        self.wait(lambda _: None, 0.3)
        return self.over

    def said(self):
        self.errors.seek(0)
        return "\n".join(self.lines) + "\n" + self.errors.read()

    def interrupt(self):
        self.child.send_signal(signal.SIGINT)

    def kill(self):
        running.discard(self)
        self.child.kill()
        self.child.wait()


def rust(name):
    """A program that `cargo build --test peers` has made: the newest of that name."""
    found = (path for path in (BIN / "deps").glob(f"{name}-*") if not path.suffix)
    return max(found, key=lambda path: path.stat().st_mtime)


def containing(*words):
    """The first line with one of the words."""
    return lambda lines: next((line for line in lines if any(word in line for word in words)), None)


def served(*command):
    """A server and its address, which is its first line."""
    server = Program(*command)
    return server, server.expect(lambda lines: lines[:1])[0]


class Client:
    """One of the clients. Those that are not Rust's play call after call in one process; one that a way has
    killed is started again."""

    def __init__(self, name, *command):
        self.name = name
        self.command = command
        self.program = None

    def begin(self, what, how, address):
        if not self.program:
            self.program = Program(*self.command)
        self.program.lines.clear()
        self.program.tell(f"{what} {how} {address}")
        return self.program

    def end(self):
        self.program.tell("")
        self.program.expect(containing("done"))

    def kill(self):
        self.program.kill()
        self.program = None


class Tonic(Client):
    """tonic's client is a process for each call."""

    def begin(self, what, how, address):
        self.program = Program(*self.command, "connect", f"http://{address}", "--wire")
        self.program.tell(f"{what} {how}")
        return self.program

    def end(self):
        self.kill()


def tonic_client():
    return Tonic("tonic", rust("peers"))


def python_client():
    return Client("grpcio", sys.executable, HERE / "python/client.py")


def node_client():
    return Client("grpc-js", "node", HERE / "node/client.mjs")


def go_client():
    return Client("grpc-go", GO)


def frames(lines):
    """The frames of a transcript: direction, type, stream, meaning. Meanings that were broken over several
    lines are joined."""
    found = []
    for line in lines:
        if match := re.match(r" *(?:[\d.]+ +)?wire +([→←]) (\w+) +#(\d+) *(.*)", line):
            found.append(list(match.groups()))
        elif found and (more := re.match(r" {24,}(\S.*)", line)):
            found[-1][3] += " " + more[1]
    return found
