// The page of chapter 25 calls the lesson's server: gRPC-Web with fetch, and nothing else.
"use strict";
(() => {
    const HEAD = 5;
    const TRAILERS = 0x80;
    // What the server says is long may not be: more than this is not kept.
    const LONGEST = 4 * 1024 * 1024;
    const CONTENT_TYPE = "application/grpc-web+proto";
    const NAMES = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
        "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    // Protocol Buffers, as far as StreamRequest and StreamResponse need them: both hold a StreamPoint
    // { string name = 1; int32 value = 2; } as field 1.
    function request(name, value) {
        const text = new TextEncoder().encode(name);
        const point = [...(text.length > 0 ? [0x0a, text.length, ...text] : []), 0x10, ...varint(value)];
        const message = [0x0a, point.length, ...point];
        return Uint8Array.of(0, 0, 0, 0, message.length, ...message);
    }

    function varint(value) {
        const bytes = [];
        for (let rest = value; ; rest = Math.floor(rest / 128)) {
            if (rest < 128) {
                return [...bytes, rest];
            }
            bytes.push((rest % 128) | 0x80);
        }
    }

    function valueIn(message) {
        let value = 0;
        for (const [number, field] of fields(message)) {
            if (number === 1) {
                for (const [inner, content] of fields(field)) {
                    value = inner === 2 ? content : value;
                }
            }
        }
        return value;
    }

    // Each field's number, with its bytes or its number.
    function* fields(bytes) {
        let at = 0;
        const number = () => {
            let value = 0;
            for (let shift = 1; at < bytes.length; shift *= 128) {
                const byte = bytes[at++];
                value += (byte & 0x7f) * shift;
                if (byte < 0x80) {
                    break;
                }
            }
            return value;
        };
        while (at < bytes.length) {
            const key = number();
            const length = number();
            if (key % 8 === 0) {
                yield [key >> 3, length];
            } else {
                yield [key >> 3, bytes.subarray(at, at + length)];
                at += length;
            }
        }
    }

    // ANCHOR: frames
    // A chunk is not a message: what is not a whole frame yet waits for the next chunk.
    async function* frames(response) {
        const reader = response.body.getReader();
        let bytes = new Uint8Array(0);
        try {
            for (;;) {
                const { done, value: chunk } = await reader.read();
                if (done) {
                    return;
                }
                bytes = joined(bytes, chunk);
                while (bytes.length >= HEAD) {
                    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
                    if (length > LONGEST) {
                        throw new Error(`the server announced a frame of ${length} bytes`);
                    }
                    if (bytes.length < HEAD + length) {
                        break;
                    }
                    yield { flag: bytes[0], bytes: bytes.slice(0, HEAD + length) };
                    bytes = bytes.slice(HEAD + length);
                }
            }
        } finally {
            // However the caller stops reading, the request ends, and the server's stream is dropped.
            await reader.cancel().catch(() => {});
        }
    }
    // ANCHOR_END: frames

    function joined(one, other) {
        const both = new Uint8Array(one.length + other.length);
        both.set(one);
        both.set(other, one.length);
        return both;
    }

    // The status among headers or trailers; null where there is none.
    function statusOf(get) {
        const code = get("grpc-status");
        if (code === null || code === undefined) {
            return null;
        }
        return { code: Number(code), message: decoded(get("grpc-message") ?? "") };
    }

    function decoded(text) {
        try {
            return decodeURIComponent(text);
        } catch {
            return text;
        }
    }

    function trailersIn(bytes) {
        const lines = new TextDecoder().decode(bytes.subarray(HEAD)).split("\r\n");
        const pairs = lines.filter((line) => line.includes(":")).map((line) => {
            const colon = line.indexOf(":");
            return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
        });
        const trailers = new Map(pairs);
        return statusOf((name) => trailers.get(name));
    }

    // ANCHOR: call
    // Calls a streaming method, tells `onFrame` of each frame, and returns the status.
    async function call(server, method, body, signal, onFrame) {
        const response = await fetch(`${server}/stream.v1.StreamService/${method}`, {
            method: "POST",
            headers: { "content-type": CONTENT_TYPE },
            body,
            signal,
        });
        // A call that is refused at once has its status in the headers.
        let status = statusOf((name) => response.headers.get(name));
        for await (const frame of frames(response)) {
            if (frame.flag === TRAILERS) {
                status = trailersIn(frame.bytes);
                onFrame({ ...frame, status });
            } else {
                onFrame({ ...frame, value: valueIn(frame.bytes.subarray(HEAD)) });
            }
        }
        return status ?? { code: 2, message: "the body ended without a status" };
    }
    // ANCHOR_END: call

    const inWords = ({ code, message }) => [NAMES[code] ?? `code ${code}`, message].filter(Boolean).join(": ");

    // A phone has room for as many in a line.
    const IN_A_LINE = 12;

    function hex(bytes) {
        const all = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
        const rows = [];
        for (let at = 0; at < all.length; at += IN_A_LINE) {
            rows.push(all.slice(at, at + IN_A_LINE).join(" "));
        }
        return rows.join("\n");
    }

    const ASKS = [
        ["five numbers", "", 5],
        ["a hundred numbers", "", 100],
        ["no number, which is refused", "", 0],
        ["three numbers, and it fails after two", "breaks", 3],
    ];

    function element(name, attributes = {}, ...children) {
        const made = document.createElement(name);
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        made.append(...children);
        return made;
    }

    class Live {
        constructor(block) {
            this.server = element("input", { type: "url", value: block.dataset.server, spellcheck: "false" });
            this.asks = element("select", {}, ...ASKS.map(([text], index) => element("option", { value: index }, text)));
            this.run = element("button", { type: "submit" }, "Run");
            this.stop = element("button", { type: "button", disabled: "" }, "Stop");
            this.said = element("p", { class: "said", role: "status" }, "Not called yet.");
            this.numbers = element("ol", { class: "numbers", "aria-label": "Messages" });
            this.bytes = element("pre", { class: "bytes", tabindex: "0", role: "region", "aria-label": "Bytes of each frame" });
            const form = element("form", {},
                element("label", {}, "Server ", this.server), element("label", {}, "Ask for ", this.asks),
                element("span", { class: "buttons" }, this.run, this.stop));
            form.addEventListener("submit", (event) => {
                event.preventDefault();
                this.calls();
            });
            this.stop.addEventListener("click", () => this.abort?.abort());
            window.addEventListener("pagehide", () => this.abort?.abort());
            block.replaceChildren(form, this.said, this.numbers, this.bytes);
        }

        async calls() {
            const [, name, value] = ASKS[Number(this.asks.value)];
            const server = this.server.value.replace(/\/+$/, "");
            this.abort = new AbortController();
            this.busy(true);
            this.numbers.replaceChildren();
            this.bytes.replaceChildren();
            this.said.textContent = "Calling …";
            try {
                const status = await call(server, "List", request(name, value), this.abort.signal, (frame) => this.shows(frame));
                this.said.textContent = `Ended with ${inWords(status)}.`;
            } catch (error) {
                this.said.replaceChildren(...this.reason(error, server));
            } finally {
                this.busy(false);
            }
        }

        shows({ bytes, flag, value, status }) {
            if (flag !== TRAILERS) {
                this.numbers.append(element("li", {}, String(value)));
                this.said.textContent = "Messages arrive.";
            }
            const what = flag === TRAILERS ? `trailer frame: ${inWords(status)}` : `message ${value}`;
            this.bytes.append(`${what}\n${hex(bytes)}\n`);
            this.bytes.scrollTop = this.bytes.scrollHeight;
        }

        // fetch says the same words whatever was wrong; the browser's console says more.
        reason(error, server) {
            if (error.name === "AbortError") {
                return ["Stopped: the server drops its stream."];
            }
            if (!(error instanceof TypeError)) {
                return [`Not gRPC-Web: ${error.message}.`];
            }
            const said = [`No answer from ${server}. Type this in a terminal, then Run again: `,
                element("code", {}, "cargo run --bin lesson25 -- serve"),
                ". If it runs already, look into the browser's console: F12."];
            if (!["localhost", "127.0.0.1", ""].includes(location.hostname)) {
                said.push(" This page comes from another machine, so the server refuses it: open a book that you have built yourself.");
            }
            return said;
        }

        busy(busy) {
            // A button that is disabled loses the focus, so the other one takes it.
            const [on, off] = busy ? [this.stop, this.run] : [this.run, this.stop];
            const had = document.activeElement === off;
            on.disabled = false;
            off.disabled = true;
            if (had) {
                on.focus();
            }
        }
    }

    globalThis.grpcWeb = { request, call };
    document.querySelectorAll("main .live").forEach((block) => new Live(block));
})();
