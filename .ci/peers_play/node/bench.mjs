// The server of the benchmark in Node: `cargo bench -- --peer grpc-js`. It stands here because Node looks for
// packages beside the program. It prints its address, and ends with its standard input.
import { fileURLToPath } from "node:url";
import { loadSync } from "@grpc/proto-loader";
import { grpc } from "./protos.mjs";

const protos = fileURLToPath(new URL("../../../proto/", import.meta.url));
const options = { keepCase: true, longs: Number, includeDirs: [protos] };
const { stream } = grpc.loadPackageDefinition(loadSync(["stream/v1/stream.proto", "stream/v1/points.proto"], options));
const { StreamService, PointService } = stream.v1;

function list(call) {
    let value = 0;
    // `write` says when the buffer is full, and "drain" when there is room again.
    const more = () => {
        while (value < call.request.pt.value) {
            value += 1;
            if (!call.write({ pt: { name: "point", value } })) {
                call.once("drain", more);
                return;
            }
        }
        call.end();
    };
    more();
}

function counted(call, count, answer) {
    let all = 0;
    call.on("data", (request) => { all += count(request); });
    call.on("end", () => answer(all));
}

function route(call) {
    call.on("data", ({ pt }) => {
        if (!call.write({ pt })) {
            call.pause();
            call.once("drain", () => call.resume());
        }
    });
    call.on("end", () => call.end());
}

const server = new grpc.Server();
server.addService(StreamService.service, {
    List: list,
    Record: (call, reply) => counted(call, () => 1, (value) => reply(null, { pt: { name: "", value } })),
    Route: route,
});
server.addService(PointService.service, {
    Put: (call, reply) => reply(null, { count: call.request.points.length }),
    PutAll: (call, reply) => counted(call, ({ points }) => points.length, (count) => reply(null, { count })),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(`127.0.0.1:${port}`);
});
process.stdin.resume();
process.stdin.on("end", () => server.forceShutdown());
