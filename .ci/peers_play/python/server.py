"""grpcio's server: its streams end in the way that the request names, as in ../tonic/server.rs.

The first line it prints is its address. A line on its standard input stops it."""

import sys
import threading
from concurrent import futures

import grpc
from chat.v1 import chat_pb2_grpc
from files.v1 import files_pb2, files_pb2_grpc

TOO_LONG = 4 * 1024 * 1024 + 1024


class Files(files_pb2_grpc.FileServiceServicer):
    def UploadFile(self, chunks, context):
        for _ in chunks:
            pass
        return files_pb2.UploadResponse()

    def DownloadFile(self, request, context):
        if request.file_id == "handler_fails":
            raise RuntimeError("the handler is broken")
        if request.file_id == "handler_waits":
            until_it_ends(context)
        for number in range(3):
            yield files_pb2.FileChunk(chunk_number=number)
        if request.file_id == "stream_fails":
            raise RuntimeError("the stream is broken")
        if request.file_id == "too_long":
            yield files_pb2.FileChunk(data=bytes(TOO_LONG))
        until_it_ends(context)


def until_it_ends(context):
    ended = threading.Event()
    # False when the call has ended already.
    if context.add_callback(ended.set):
        ended.wait()


class Echo(chat_pb2_grpc.ChatServiceServicer):
    def __init__(self, headers_first):
        self.headers_first = headers_first

    def Chat(self, messages, context):
        if self.headers_first:
            context.send_initial_metadata(())
        yield from messages


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    files_pb2_grpc.add_FileServiceServicer_to_server(Files(), server)
    chat_pb2_grpc.add_ChatServiceServicer_to_server(Echo("headers_first" in sys.argv), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"127.0.0.1:{port}", flush=True)
    sys.stdin.readline()
    # Without a grace the open calls are aborted at once.
    server.stop(grace=None).wait()


main()
