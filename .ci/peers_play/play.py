"""Plays the four clients and the four servers, and compares what is seen with the book's tables.

.ci/peers starts it, when all that it needs has been built and installed."""

import sys
from concurrent.futures import ThreadPoolExecutor

import buf
import codes
import going
import tables
import tap
from programs import GO, go_client, node_client, python_client, tonic_client


def main():
    accept = sys.argv[1:] == ["--accept"]
    versions = tables.versions()
    clients = [tonic_client, python_client, node_client]
    if GO.exists():
        clients.append(go_client)
    elif accept:
        sys.exit("the tables have rows of grpc-go, which is not installed: they cannot be written without it")
    buf.check()
    tap.check()

    def client(make):
        client = make()
        played = going.uploads(client, accept), going.downloads(client), codes.of_clients(client)
        return [list(part) for part in played]

    def server(name):
        return list(codes.of_servers(name, codes.servers(versions)[name], tonic_client()))

    # Each client and each server is a thread that mostly waits.
    with ThreadPoolExecutor(8) as threads:
        clients = [threads.submit(client, make) for make in clients]
        servers = [threads.submit(server, name) for name in versions]
        # When one of them fails, the others still end, since each of their waits is bounded.
        uploads, downloads, seen = zip(*(thread.result() for thread in clients))
        answers = [thread.result() for thread in servers]

    def named(rows):
        return [[f"{row[0]} {versions[row[0]]}", *row[1:]] for part in rows for row in part]

    names = [f"{name} {version}" for name, version in versions.items()]
    settled = [
        tables.settle(name, tables.table(head, rows), accept)
        for name, head, rows in [
            ("uploads", UPLOADS, named(uploads)),
            ("downloads", DOWNLOADS, named(downloads)),
            (
                "clients",
                ["with a tonic server", *(f"{name} sees" for name in names)],
                [list(row) for row in zip(codes.OF_A_TONIC_SERVER.values(), *seen)],
            ),
            (
                "servers",
                [f"a tonic {versions['tonic']} client", *(f"of a {name} server" for name in names)],
                [list(row) for row in zip(codes.OF_A_TONIC_CLIENT.values(), *answers)],
            ),
        ]
    ]
    if not all(settled):
        sys.exit("the book says something else: correct it, then .ci/peers --accept")


UPLOADS = [
    "client",
    "how it goes away",
    "on the wire",
    "the handler reads",
    "commit at `None`",
    "behind the fence",
    "on the last message",
]
DOWNLOADS = ["client", "how it goes away", "on the wire", "the response stream"]

main()
