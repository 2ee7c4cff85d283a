// grpc-js's server: its streams end in the way that the request names, as in ../tonic/server.rs.
// The first line it prints is its address. A line on its standard input stops it.
import { createInterface } from "node:readline";
import { grpc, load } from "./protos.mjs";

const TOO_LONG = 4 * 1024 * 1024 + 1024;
const headersFirst = process.argv.includes("headers_first");

function UploadFile(call, answer) {
    call.on("data", () => {});
    // The status of a message that cannot be read is sent by grpc-js itself.
    call.on("error", () => {});
    call.on("end", () => answer(null, {}));
}

function DownloadFile(call) {
    const end = call.request.file_id;
    if (end === "handler_fails") throw new Error("the handler is broken");
    if (end === "handler_waits") return;
    for (const number of [0, 1, 2]) call.write({ chunk_number: number });
    // How a stream of Node's fails.
    if (end === "stream_fails") call.emit("error", new Error("the stream is broken"));
    if (end === "too_long") call.write({ data: Buffer.alloc(TOO_LONG) });
}

function Chat(call) {
    if (headersFirst) call.sendMetadata(new grpc.Metadata());
    call.on("data", (message) => call.write(message));
    call.on("end", () => call.end());
}

const server = new grpc.Server();
server.addService(load("files").files.v1.FileService.service, { UploadFile, DownloadFile });
server.addService(load("chat").chat.v1.ChatService.service, { Chat });
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`127.0.0.1:${port}\n`);
});
createInterface({ input: process.stdin }).once("line", () => {
    // Ends the open calls; tryShutdown would wait for them.
    server.forceShutdown();
});
