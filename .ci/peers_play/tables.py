"""The tables that the book includes, compared with the run or written by it."""

import difflib
import json
import re
from pathlib import Path

from programs import HERE, ROOT

FOLDER = ROOT / "tests/snapshots/peers"

# The header of insta's snapshots: the book includes what stands below it.
HEADER = "---\nsource: .ci/peers\n---\n"


def versions():
    """What is played, from what is installed."""
    import grpc

    package = HERE / "node/node_modules/@grpc/grpc-js/package.json"
    lock = (ROOT / "Cargo.lock").read_text()
    return {
        "tonic": re.search(r'name = "tonic"\nversion = "([^"]+)"', lock)[1],
        "grpcio": grpc.__version__,
        "grpc-js": json.loads(package.read_text())["version"],
    }


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def settle(name, text, accept):
    """Writes the table, or says how it differs from the one that the book has; whether all is well."""
    path = FOLDER / f"{name}.snap"
    if accept:
        FOLDER.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + text)
        return True
    known = path.read_text().removeprefix(HEADER) if path.exists() else ""
    ours, theirs = known.splitlines(), text.splitlines()
    if len(ours) == len(theirs):
        pairs = [(our, their) for our, their in zip(ours, theirs) if not same(our, their)]
        ours, theirs = [our for our, _ in pairs], [their for _, their in pairs]
    if ours == theirs:
        return True
    place = f"{path.relative_to(ROOT)}, which the book includes"
    print(*difflib.unified_diff(ours, theirs, place, "this run", lineterm="", n=0), sep="\n")
    return False


def same(known, row):
    """Whether the rows differ only in cells that say "sometimes": such an outcome is not in every run."""
    ours, theirs = (line.split(" | ") for line in (known.strip("| "), row.strip("| ")))
    fits = (a == b or (a == "sometimes" and b in ("yes", "no")) for a, b in zip(ours, theirs))
    return len(ours) == len(theirs) and all(fits)
