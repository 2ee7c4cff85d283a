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
    if known == text or same(known, text):
        return True
    place = path.relative_to(ROOT)
    for line in difflib.unified_diff(
        known.splitlines(), text.splitlines(), f"{place}, which the book includes", "this run", lineterm="", n=0
    ):
        print(line)
    return False


def same(known, text):
    """Whether the tables differ only in cells that say "sometimes": such an outcome is not in every run."""

    def cells(table):
        return [cell.strip() for line in table.splitlines() for cell in line.split("|")]

    pairs = list(zip(cells(known), cells(text)))
    fits = (ours == theirs or (ours == "sometimes" and theirs in ("yes", "no")) for ours, theirs in pairs)
    return len(cells(known)) == len(cells(text)) and all(fits)
