"""The tables that the book includes, compared with the run or written by it."""

import difflib
import json
import re
from pathlib import Path

from programs import GO, HERE, ROOT

FOLDER = ROOT / "tests/snapshots/peers"

# What GO has been built from, and how a table names it.
GO_VERSION = Path("/usr/share/gocode/src/google.golang.org/grpc/version.go")
GO_NAME = re.compile(r"grpc-go [\d.]+")

# The header of insta's snapshots: the book includes what stands below it.
HEADER = "---\nsource: .ci/peers\n---\n"


def versions():
    """What is played, from what is installed."""
    import grpc

    package = HERE / "node/node_modules/@grpc/grpc-js/package.json"
    lock = (ROOT / "Cargo.lock").read_text()
    versions = {
        "tonic": re.search(r'name = "tonic"\nversion = "([^"]+)"', lock)[1],
        "grpcio": grpc.__version__,
        "grpc-js": json.loads(package.read_text())["version"],
    }
    if GO.exists():
        versions["grpc-go"] = re.search(r'Version = "([^"]+)"', GO_VERSION.read_text())[1]
    return versions


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def settle(name, text, accept):
    """Writes the table, or says how it differs from the one that the book has; whether all is well.

    The version of grpc-go is the distribution's: with another one than the book's a difference in its rows and
    columns is news, and no fault. Where there is none, they are left out."""
    path = FOLDER / f"{name}.snap"
    if accept:
        FOLDER.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + text)
        return True
    known = path.read_text().removeprefix(HEADER) if path.exists() else ""
    if not GO.exists():
        known = without_go(known)
    ours, theirs = unlike(known, text)
    if ours == theirs:
        return True
    place = f"{path.relative_to(ROOT)}, which the book includes"
    print(*difflib.unified_diff(ours, theirs, place, "this run", lineterm="", n=0), sep="\n")
    if set(GO_NAME.findall(known)) == set(GO_NAME.findall(text)):
        return False
    ours, theirs = unlike(without_go(known), without_go(text))
    return ours == theirs


def unlike(known, text):
    """The lines of the two that differ."""
    ours, theirs = known.splitlines(), text.splitlines()
    if len(ours) == len(theirs):
        pairs = [(our, their) for our, their in zip(ours, theirs) if not same(our, their)]
        ours, theirs = [our for our, _ in pairs], [their for _, their in pairs]
    return ours, theirs


def without_go(text):
    """The table without the rows and the columns of grpc-go."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines()]
    kept = [number for number, name in enumerate(rows[0] if rows else []) if not GO_NAME.search(name)]
    rows = [[row[number] for number in kept] for row in rows if not GO_NAME.match(row[0])]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def same(known, row):
    """Whether the rows differ only in cells that say "sometimes": such an outcome is not in every run."""
    ours, theirs = (line.split(" | ") for line in (known.strip("| "), row.strip("| ")))
    fits = (a == b or (a == "sometimes" and b in ("yes", "no")) for a, b in zip(ours, theirs))
    return len(ours) == len(theirs) and all(fits)
