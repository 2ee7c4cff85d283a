// A real browser calls lesson 25: what chapter 25 says of Chromium. Nothing here waits for a time: a stream named
// "steps" sends its next number when `Record` has taken a point, so what came first is known.
// ACCEPT=1 .ci/browser web writes the table that the chapter includes.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as plain } from 'node:test';
import { launch, pages, start } from './lib/lesson.mjs';

const TABLE = join(import.meta.dirname, '../../tests/snapshots/browser/chromium.snap');
// For what never happens. Everything that happens takes less than three seconds.
const test = (name, check) => plain(name, { timeout: 30_000 }, check);
const DROPPED = 'the stream is dropped';

let browser;
let site;
let serve;
const rows = new Map();

before(async () => {
    [browser, site, serve] = await Promise.all([launch(), pages(), start()]);
});

after(async () => {
    await browser?.close();
    site?.server.closeAllConnections();
    site?.server.close();
    await serve?.stop();
});

/** An empty page with functions to call with, and what the browser's console said. */
async function page(check) {
    const context = await browser.newContext();
    context.setDefaultTimeout(10_000);
    const opened = await context.newPage();
    const console = [];
    opened.on('console', (message) => console.push(message.text()));
    opened.on('requestfailed', (request) => console.push(request.failure()?.errorText ?? ''));
    await opened.addInitScript(() => {
        // Calls that go on, by name: what they have got, and how they ended.
        window.calls = {};
        window.begin = (key, server, name, value) => {
            const [abort, got] = [new AbortController(), []];
            const call = { got, abort, frames: [], status: null, error: null };
            window.calls[key] = call;
            call.done = window.grpcWeb
                .call(server, 'List', window.grpcWeb.request(name, value), abort.signal, (frame) => {
                    call.frames.push(frame.flag);
                    if (frame.value !== undefined) {
                        got.push(frame.value);
                    }
                })
                .then((status) => { call.status = status; }, (error) => { call.error = `${error.name}: ${error.message}`; });
        };
        window.step = (server, points = 1) => {
            const one = window.grpcWeb.request('steps', 1);
            const body = new Blob(Array(points).fill(one));
            return window.grpcWeb.call(server, 'Record', body, undefined, () => {});
        };
        // How a call with such a body ends.
        window.outcome = async (url, options) => {
            try {
                const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/grpc-web+proto' }, ...options() });
                return `${response.status}`;
            } catch (error) {
                return `${error.name}: ${error.message}`;
            }
        };
    });
    await opened.goto(site.address);
    try {
        return await check(opened, console);
    } finally {
        await context.close();
    }
}

const got = (opened, key, count) => opened.waitForFunction(([key, count]) => window.calls[key].got.length >= count, [key, count]);
const ended = (opened, key) => opened.evaluate(async (key) => {
    await window.calls[key].done;
    const { got, frames, status, error } = window.calls[key];
    return { got, frames, status, error };
}, key);
const begin = (opened, key, name, value, server = serve.address) =>
    opened.evaluate(([key, server, name, value]) => window.begin(key, server, name, value), [key, server, name, value]);

test('messages arrive one by one, and the status in a trailer frame', () => page(async (opened) => {
    await begin(opened, 'list', 'steps', 3);
    await got(opened, 'list', 1);
    assert.equal(serve.times('sends 2'), 0, 'the second number was sent before a point was recorded');
    assert.deepEqual(await opened.evaluate((server) => window.step(server), serve.address), { code: 0, message: '' });
    await got(opened, 'list', 2);
    assert.equal(serve.times('sends 3'), 0, 'the third number was sent before a second point was recorded');
    await opened.evaluate((server) => window.step(server), serve.address);
    const { got: all, frames, status } = await ended(opened, 'list');
    assert.deepEqual(all, [1, 2, 3]);
    assert.deepEqual(frames, [0, 0, 0, 0x80], 'three messages, and the trailer frame');
    assert.equal(status.code, 0);
    rows.set('server streaming', 'messages arrive one by one, the status in the trailer frame');
}));

test('an error in the middle comes behind the messages', () => page(async (opened) => {
    await begin(opened, 'list', 'breaks', 3);
    const { got: all, frames, status } = await ended(opened, 'list');
    assert.deepEqual(all, [1, 2]);
    assert.deepEqual(frames, [0, 0, 0x80]);
    assert.deepEqual(status, { code: 15, message: 'café 100% gone' });
    rows.set('an error in the middle', 'the status is in the trailer frame');
}));

test('a call that is refused at once has its status in the headers', () => page(async (opened) => {
    await begin(opened, 'list', '', 0);
    const { frames, status } = await ended(opened, 'list');
    assert.deepEqual(frames, []);
    assert.deepEqual(status, { code: 3, message: 'pt.value must be 1 to 1000' });
    rows.set('refused at once', 'the status is in the HTTP headers, and there is no body');
}));

for (const [how, leave] of [
    ['`abort()`', (opened) => opened.evaluate(() => window.calls.list.abort.abort())],
    ['the page is left', (opened) => opened.goto('about:blank')],
]) {
    test(`${how} reaches the handler`, () => page(async (opened) => {
        const before = serve.times(DROPPED);
        await begin(opened, 'list', 'steps', 3);
        await got(opened, 'list', 1);
        assert.equal(serve.times(DROPPED), before);
        await leave(opened);
        await serve.line(DROPPED, before + 1);
        rows.set(how, 'the server drops the stream');
    }));
}

test('requests that are all there go through, in one body', () => page(async (opened) => {
    const before = serve.times('Record: point 3');
    assert.deepEqual(await opened.evaluate((server) => window.step(server, 3), serve.address), { code: 0, message: '' });
    assert.equal(serve.times('Record: point 3'), before + 1);
    const values = await opened.evaluate(async (server) => {
        const body = new Blob([1, 2, 3].map((value) => window.grpcWeb.request('', value)));
        const all = [];
        await window.grpcWeb.call(server, 'Route', body, undefined, (frame) => all.push(frame.value ?? `code ${frame.status.code}`));
        return all;
    }, serve.address);
    assert.deepEqual(values, [1, 2, 3, 'code 0']);
    rows.set('client streaming and bidirectional, all requests in one body', 'works');
    // What was recorded is used up, so that the next test begins with nothing.
    await begin(opened, 'list', 'steps', 4);
    assert.deepEqual((await ended(opened, 'list')).got, [1, 2, 3, 4]);
}));

for (const [how, duplex, wanted] of [
    ['a `ReadableStream` as body', undefined, /^TypeError: .*The `duplex` member must be specified/],
    ['the same, `duplex: "full"`', 'full', /^TypeError: .*'full' is not a valid enum value of type RequestDuplex/],
    ['the same, `duplex: "half"`, over HTTP/1.1', 'half', /^TypeError: Failed to fetch/],
]) {
    test(`${how} is refused`, () => page(async (opened, console) => {
        const before = serve.said();
        for (const method of ['Record', 'Route']) {
            const outcome = await opened.evaluate(([url, duplex]) => window.outcome(url, () => {
                const body = new ReadableStream({ pull: (stream) => stream.enqueue(window.grpcWeb.request('', 1)) });
                return duplex ? { body, duplex } : { body };
            }), [`${serve.address}/stream.v1.StreamService/${method}`, duplex]);
            assert.match(outcome, wanted);
            const why = duplex === 'half' ? ` (${console.find((text) => text.includes('net::')).match(/net::\w+/)[0]})` : '';
            // Two quotes, because Chromium's words hold one.
            rows.set(how, `\`\`${outcome}\`\`${why}`);
        }
        assert.equal(serve.said(), before, 'the server heard of it');
    }));
}

test('six connections, and the seventh call waits', () => page(async (opened) => {
    const lists = serve.times('List(2)');
    const dropped = serve.times(DROPPED);
    for (let call = 1; call <= 6; call += 1) {
        await begin(opened, call, 'steps', 2);
        await got(opened, call, 1);
    }
    await begin(opened, 'seventh', 'steps', 2);
    // Another name is another origin with six connections of its own: begun after the seventh, it is answered.
    await begin(opened, 'eighth', 'steps', 2, serve.otherwise);
    await got(opened, 'eighth', 1);
    assert.equal(serve.times('List(2)'), lists + 7, 'six and the eighth');
    assert.deepEqual(await opened.evaluate(() => window.calls.seventh.got), [], 'the seventh was answered');
    await opened.evaluate(() => window.calls[1].abort.abort());
    await got(opened, 'seventh', 1);
    assert.equal(serve.times('List(2)'), lists + 8);
    rows.set('the seventh call to one origin over HTTP/1.1', 'waits until one of six has ended; the server does not hear of it');
    rows.set('the same to `localhost` in place of `127.0.0.1`', 'is answered at once');
    await opened.goto('about:blank');
    await serve.line(DROPPED, dropped + 8);
}));

test('a server without CORS', () => without('without_cors', async (opened, console, server) => {
    await begin(opened, 'list', '', 2, server.address);
    const { error } = await ended(opened, 'list');
    assert.equal(error, 'TypeError: Failed to fetch');
    assert.ok(console.some((text) => text.includes("No 'Access-Control-Allow-Origin' header is present")), console.join('; '));
    assert.equal(server.times('List('), 0, 'the call got through');
    rows.set('a server without CORS', '`TypeError: Failed to fetch`; the console: `No \'Access-Control-Allow-Origin\' header is present`');
}));

test('a status that is not exposed', () => without('unexposed', async (opened, _, server) => {
    await begin(opened, 'list', '', 0, server.address);
    assert.equal((await ended(opened, 'list')).status.code, 2, 'the page could read the status');
    await begin(opened, 'breaks', 'breaks', 3, server.address);
    assert.equal((await ended(opened, 'breaks')).status.code, 15, 'an error in the middle is in the body');
    rows.set('refused at once, status not exposed', 'no body, and no status; an error in the middle still arrives');
}));

test('a server that speaks HTTP/2 alone', () => without('http2', async (opened, console, server) => {
    await begin(opened, 'list', '', 2, server.address);
    assert.equal((await ended(opened, 'list')).error, 'TypeError: Failed to fetch');
    assert.ok(console.some((text) => text.includes('net::ERR_INVALID_HTTP_RESPONSE')), console.join('; '));
    rows.set('a server that speaks HTTP/2 alone', '`TypeError: Failed to fetch` (net::ERR_INVALID_HTTP_RESPONSE)');
}));

async function without(scene, check) {
    const server = await start('--scene', scene);
    try {
        await page((opened, console) => check(opened, console, server));
    } finally {
        await server.stop();
    }
}

const connects = (check, ...more) => page((opened) => opened.evaluate(`(async ([server, ...more]) => {
    const { clientOf } = await import('/lib/connect.js');
    const { Code, ConnectError } = await import('@connectrpc/connect');
    const client = clientOf(server);
    const said = (error) => { const { code, rawMessage } = ConnectError.from(error); return Code[code] + ': ' + rawMessage; };
    return (${check})({ client, server, said, more });
})(${JSON.stringify([serve.address, ...more])})`));

test('connect-web sees the same', async () => {
    const seen = await connects(async ({ client, said }) => {
        const all = [];
        const read = async (name, value) => {
            try {
                for await (const { pt } of client.list({ pt: { name, value } })) {
                    all.push(pt.value);
                }
                all.push('OK');
            } catch (error) {
                all.push(said(error));
            }
        };
        await read('', 2);
        await read('breaks', 3);
        await read('', 0);
        return all;
    });
    assert.deepEqual(seen, [1, 2, 'OK', 1, 2, 'DataLoss: café 100% gone', 'InvalidArgument: pt.value must be 1 to 1000']);
    rows.set('connect-web, server streaming', 'the same messages and codes');
});

test('connect-web refuses to stream requests', async () => {
    const before = serve.said();
    const seen = await connects(async ({ client, said }) => {
        async function* points() {
            yield { pt: { value: 1 } };
            yield { pt: { value: 2 } };
        }
        const record = await client.record(points()).then(() => 'OK', said);
        const route = await (async () => { for await (const _ of client.route(points())); })().then(() => 'OK', said);
        return [record, route];
    });
    assert.deepEqual(seen, Array(2).fill('Unknown: The fetch API does not support streaming request bodies'));
    assert.equal(serve.said(), before, 'the server heard of it');
    rows.set('connect-web, client streaming and bidirectional', '`Unknown: The fetch API does not support streaming request bodies`');
});

for (const [how, leaves] of [
    ['`break` out of `for await`', 'break;'],
    ['`abort()` of its signal', 'abort.abort();'],
]) {
    test(`connect-web, ${how} reaches the handler`, () => page(async (opened) => {
        const before = serve.times(DROPPED);
        const left = await opened.evaluate(`(async ([server]) => {
            const { clientOf } = await import('/lib/connect.js');
            const abort = new AbortController();
            try {
                for await (const { pt } of clientOf(server).list({ pt: { name: 'steps', value: 3 } }, { signal: abort.signal })) {
                    ${leaves}
                }
            } catch (error) {
                return error.name;
            }
            return 'left';
        })(${JSON.stringify([serve.address])})`);
        await serve.line(DROPPED, before + 1);
        rows.set(`connect-web, ${how}`, `the server drops the stream; the loop ${left === 'left' ? 'ends' : `throws a ${left}`}`);
    }));
}

test('the chapter\'s table says what was seen', () => {
    const lines = [...rows].map(([what, seen]) => `| ${what} | ${seen} |`);
    const head = ['---', 'source: .ci/browser_tests/web.test.mjs', '---', '| in the page | Chromium |', '|---|---|'];
    const table = [...head, ...lines, ''].join('\n');
    if (process.env.ACCEPT) {
        writeFileSync(TABLE, table);
    }
    assert.equal(readFileSync(TABLE, 'utf8'), table, 'ACCEPT=1 .ci/browser web writes it');
});
