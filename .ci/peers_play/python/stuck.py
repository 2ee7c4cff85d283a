"""Two pairs of a client and a server that wait for each other for ever, written with grpcio alone.

`stuck.py serve` prints its address, and `stuck.py serve KEY CERTIFICATE` does over TLS; a line on its standard
input stops it. `stuck.py collects ADDRESS` and `stuck.py unread ADDRESS` are the clients; each says "stuck" as
soon as nothing more can come. `stuck.py ends ADDRESS` half-closes, and says how its call has ended."""

import sys
import threading
from concurrent import futures
from pathlib import Path

import grpc
from chat.v1 import chat_pb2, chat_pb2_grpc

# More than the windows and the buffers between the two can hold.
LONG = chat_pb2.ChatMessage(content="x" * 100_000)
MANY = 400


class Chats(chat_pb2_grpc.ChatServiceServicer):
    def Chat(self, messages, context):
        first = next(messages)
        if first.content == "unread":
            for _ in range(MANY):
                yield LONG
        # Meant for a client that half-closes.
        for message in [first, *messages]:
            yield message


def serve(key=None, certificate=None):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    chat_pb2_grpc.add_ChatServiceServicer_to_server(Chats(), server)
    if key:
        pair = Path(key).read_bytes(), Path(certificate).read_bytes()
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"127.0.0.1:{port}", flush=True)
    sys.stdin.readline()
    server.stop(grace=None).wait()


def call(how, address):
    answered = threading.Event()

    def messages():
        yield chat_pb2.ChatMessage(user_id="ada", content=how)
        # The next message depends on the answer.
        if how != "ends":
            answered.wait()

    # What a server that minds its name would be called with: the tap changes no header.
    channel = grpc.insecure_channel(address, options=[("grpc.default_authority", "localhost")])
    call = chat_pb2_grpc.ChatServiceStub(channel).Chat(messages())
    if how == "ends":
        print("answered", *(message.content for message in call), call.code().name, flush=True)
        return
    if how == "collects":
        threading.Thread(target=lambda: (next(call), answered.set()), daemon=True).start()
    print("stuck", flush=True)
    sys.stdin.readline()


serve(*sys.argv[2:]) if sys.argv[1] == "serve" else call(*sys.argv[1:])
