"""The line of the book for those who have buf instead of grpcurl, run against the server that it is for."""

import json
import platform
import re
import shlex
import subprocess

from programs import BIN, HERE, ROOT, served

PAGE = ROOT / "book/src/grpcurl.md"
# The program itself: what npm links to is a script that starts it.
MACHINE = {"x86_64": "x64", "aarch64": "aarch64", "arm64": "arm64"}.get(platform.machine())
BUF = HERE / f"node/node_modules/@bufbuild/buf-{platform.system().lower()}-{MACHINE}/bin/buf"

# What it reports when it has asked for reflection in the Connect protocol.
MISSED = 'failed to find service named "greeter.v1.GreeterService" in schema'


def check():
    """The line answers as grpcurl's does. Without --protocol it does not, as the page says."""
    line = re.search(r"`(buf curl [^`]+)`", PAGE.read_text())
    if not line:
        raise SystemExit(f"{PAGE} has no line that begins with `buf curl")
    server, address = served(BIN / "lesson01", "serve", "--addr", "127.0.0.1:0")
    command = shlex.split(line[1].replace("127.0.0.1:50051", address))
    ran = run(command)
    if ran.returncode != 0 or json.loads(ran.stdout) != {"message": "Hi, Ada!"}:
        raise SystemExit(f"{line[1]}:\n{ran.stdout}{ran.stderr}")
    at = command.index("--protocol")
    without = run(command[:at] + command[at + 2 :])
    if without.returncode == 0 or MISSED not in without.stderr:
        raise SystemExit(f"{PAGE} says what buf reports without --protocol grpc:\n{without.stderr}")
    server.kill()


def run(command):
    return subprocess.run([BUF, *command[1:]], capture_output=True, text=True, timeout=20)
