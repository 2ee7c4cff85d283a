"""grpcio's client. It is told on standard input what to do, as the one in ../tonic/client.rs is, with the
address behind it; it plays one call after the other, each on a channel of its own."""

import gc
import hashlib
import queue
import sys

import grpc
from files.v1 import files_pb2, files_pb2_grpc

# As in ../tonic/client.rs, which says why.
DEADLINE = 0.8
METADATA = 20_000
TOO_LONG = 4 * 1024 * 1024 + 1024

# Without it the channels of one process share their connections.
OPTIONS = [("grpc.use_local_subchannel_pool", 1)]


def main():
    while line := sys.stdin.readline().split():
        what, how, address = line
        channel = grpc.insecure_channel(address, OPTIONS)
        grpc.channel_ready_future(channel).result(timeout=10)
        stub = files_pb2_grpc.FileServiceStub(channel)
        {"upload": upload, "download": download, "code": code}[what](channel, stub, how)
        channel.close()
        say("done")


def told():
    return sys.stdin.readline()


def say(line):
    print(line, flush=True)


def upload(channel, stub, way):
    ends = queue.Queue()

    def chunks():
        for number in range(3):
            yield files_pb2.FileChunk(file_name="note.txt", chunk_number=number)
        match ends.get():
            case "completes":
                # The chunks hold no data.
                finish = files_pb2.Finish(chunks=3, sha256=hashlib.sha256().digest())
                yield files_pb2.FileChunk(finish=finish)
            case "fails":
                raise RuntimeError("the next chunk cannot be read")

    timeout = DEADLINE if way == "deadline" else None
    call = stub.UploadFile.future(chunks(), timeout=timeout)
    told()
    match way:
        case "complete":
            ends.put("completes")
        case "half_close":
            ends.put("returns")
        case "producer_fails":
            ends.put("fails")
        case "cancel":
            call.cancel()
        case "channel_closed":
            channel.close()
    told()
    # The generator's thread must not outlive the call.
    ends.put("returns")


def download(channel, stub, way):
    timeout = DEADLINE if way == "deadline" else None
    call = stub.DownloadFile(files_pb2.DownloadFileRequest(), timeout=timeout)
    for _ in range(3):
        next(call)
    say("read")
    told()
    match way:
        case "cancel":
            call.cancel()
        case "abandoned":
            del call
            gc.collect()
        case "channel_closed":
            channel.close()
    # Stays as it is until it is told, so that the play sees only what the way itself sends.
    told()


def code(_, stub, case):
    if case == "upload_too_long":
        chunk = files_pb2.FileChunk(data=bytes(TOO_LONG))
        say(outcome(lambda: stub.UploadFile(iter([chunk]))))
        told()
        return
    timeout = DEADLINE if case.endswith("deadline") else None
    metadata = [("long", "x" * METADATA)] if case == "metadata" else None
    request = files_pb2.DownloadFileRequest(file_id=case)

    def read():
        for number, _ in enumerate(stub.DownloadFile(request, timeout=timeout, metadata=metadata)):
            if number == 0:
                say("answered")

    say(outcome(read))
    told()


def outcome(call):
    """The code, the length of the text, and its beginning: the form of ../tonic/client.rs."""
    try:
        call()
        return "code OK 0: "
    except grpc.RpcError as error:
        text = error.details() or ""
        return f"code {error.code().name} {len(text)}: {text[:60]!r}"


main()
