"""The server of the benchmark in Python: grpcio's asyncio server, with the same protos. It prints its address,
and ends with its standard input."""

import asyncio
import pathlib
import sys
import tempfile

import grpc
from grpc_tools import protoc

PROTO = pathlib.Path(__file__).parents[3] / "proto"
FILES = ["stream/v1/stream.proto", "stream/v1/points.proto"]


def stubs(folder):
    words = ["protoc", f"--proto_path={PROTO}", f"--python_out={folder}", f"--grpc_python_out={folder}"]
    if protoc.main(words + FILES) != 0:
        sys.exit("the protos cannot be compiled")
    sys.path.insert(0, folder)


async def main():
    from stream.v1 import points_pb2, points_pb2_grpc, stream_pb2, stream_pb2_grpc

    class Streams(stream_pb2_grpc.StreamServiceServicer):
        async def List(self, request, context):
            for value in range(1, request.pt.value + 1):
                yield stream_pb2.StreamResponse(pt=stream_pb2.StreamPoint(name="point", value=value))

        async def Record(self, requests, context):
            count = 0
            async for _ in requests:
                count += 1
            return stream_pb2.StreamResponse(pt=stream_pb2.StreamPoint(value=count))

        async def Route(self, requests, context):
            async for request in requests:
                yield stream_pb2.StreamResponse(pt=request.pt)

    class Points(points_pb2_grpc.PointServiceServicer):
        async def Put(self, request, context):
            return points_pb2.PutResponse(count=len(request.points))

        async def PutAll(self, requests, context):
            count = 0
            async for request in requests:
                count += len(request.points)
            return points_pb2.PutResponse(count=count)

    server = grpc.aio.server()
    stream_pb2_grpc.add_StreamServiceServicer_to_server(Streams(), server)
    points_pb2_grpc.add_PointServiceServicer_to_server(Points(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.stop(None)


with tempfile.TemporaryDirectory() as folder:
    stubs(folder)
    asyncio.run(main())
