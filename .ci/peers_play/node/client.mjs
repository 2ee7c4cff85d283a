// grpc-js's client. It is told on standard input what to do, as the one in ../python/client.py is.
import { createHash } from "node:crypto";
import { Readable, pipeline } from "node:stream";
import { createInterface } from "node:readline";
import { grpc, load } from "./protos.mjs";

// As in ../tonic/client.rs, which says why.
const DEADLINE = 800;
const METADATA = 20_000;
const TOO_LONG = 4 * 1024 * 1024 + 1024;

const { FileService } = load("files").files.v1;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const told = async () => (await lines.next()).value;
const say = (line) => process.stdout.write(`${line}\n`);

// The name of a code, the length of the text, and its beginning: the form of ../tonic/client.rs.
function outcome(error) {
    const name = grpc.status[error?.code ?? 0];
    const text = error?.details ?? "";
    return `code ${name} ${text.length}: ${JSON.stringify(text.slice(0, 60))}`;
}

function options(way) {
    return way.endsWith("deadline") ? { deadline: Date.now() + DEADLINE } : {};
}

async function upload(client, way) {
    const call = client.UploadFile(options(way), () => {});
    // What a stream that is destroyed reports besides.
    call.on("error", () => {});
    const chunks = [0, 1, 2].map((number) => ({ file_name: "note.txt", chunk_number: number }));
    if (way === "producer_fails") {
        const source = Readable.from((async function* () {
            yield* chunks;
            await told();
            throw new Error("the next chunk cannot be read");
        })());
        // The usual way to connect the two: it destroys the call when the source fails.
        return new Promise((resolve) => pipeline(source, call, resolve));
    }
    for (const chunk of chunks) call.write(chunk);
    await told();
    // The chunks hold no data.
    const sha256 = createHash("sha256").digest();
    if (way === "complete") call.end({ finish: { chunks: 3, sha256 } });
    if (way === "half_close") call.end();
    if (way === "cancel") call.cancel();
    if (way === "destroyed") call.destroy();
    if (way === "channel_closed") client.close();
}

async function download(client, way) {
    const call = client.DownloadFile({}, options(way));
    call.on("error", () => {});
    let read = 0;
    await new Promise((resolve) => call.on("data", () => ++read === 3 && resolve()));
    say("read");
    await told();
    if (way === "cancel") call.cancel();
    if (way === "abandoned") call.destroy();
    if (way === "channel_closed") client.close();
}

async function code(client, way) {
    if (way === "upload_too_long") {
        const error = await new Promise((resolve) => {
            const call = client.UploadFile(resolve);
            call.on("error", () => {});
            call.write({ data: Buffer.alloc(TOO_LONG) });
            call.end();
        });
        return say(outcome(error));
    }
    const metadata = new grpc.Metadata();
    if (way === "metadata") metadata.set("long", "x".repeat(METADATA));
    const call = client.DownloadFile({ file_id: way }, metadata, options(way));
    call.once("data", () => say("answered"));
    call.on("data", () => {});
    say(outcome(await new Promise((resolve) => call.on("error", resolve).on("end", () => resolve()))));
}

for (let line = await told(); line; line = await told()) {
    const [what, how, address] = line.split(" ");
    const client = new FileService(address, grpc.credentials.createInsecure(), {
        // Without it the clients of one process share their connections.
        "grpc.use_local_subchannel_pool": 1,
    });
    await new Promise((resolve) => client.waitForReady(Date.now() + 10_000, resolve));
    await { upload, download, code }[what](client, how);
    // Stays as it is until it is told, so that the play sees only what the way itself sends.
    await told();
    client.close();
    say("done");
}
process.exit(0);
