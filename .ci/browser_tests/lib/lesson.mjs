// Starts lesson 25's server, and opens pages that call it: an empty one, and the chapter.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const TESTS = join(import.meta.dirname, '..');
const PROGRAM = process.env.LESSON25 ?? join(TESTS, '../../target/debug/lesson25');

/** The server's address, what it has said, and a wait for a line: for what has happened, not for time. */
export async function start(...options) {
    const child = spawn(PROGRAM, ['serve', '--addr', '127.0.0.1:0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    const waits = new Set();
    child.stdout.setEncoding('utf8').on('data', (text) => {
        said += text;
        waits.forEach((wait) => wait());
    });
    const line = (wanted, times = 1) => new Promise((found) => {
        const look = () => {
            if (said.split(wanted).length > times) {
                waits.delete(look);
                found();
            }
        };
        waits.add(look);
        look();
    });
    const ended = once(child, 'exit');
    await line('Ctrl-C ends');
    const port = said.split('\n')[0].split(':').at(-1);
    return {
        address: `http://127.0.0.1:${port}`,
        // The same server, and another origin for the browser.
        otherwise: `http://localhost:${port}`,
        said: () => said,
        times: (wanted) => said.split(wanted).length - 1,
        line,
        stop: async () => {
            child.kill('SIGKILL');
            await ended;
        },
    };
}

// Which file each name stands for: what a bundler would look up.
function imports() {
    const names = ['@bufbuild/protobuf', '@connectrpc/connect', '@connectrpc/connect-web'];
    return Object.fromEntries(names.flatMap((name) => {
        const { exports } = JSON.parse(readFileSync(join(TESTS, 'node_modules', name, 'package.json'), 'utf8'));
        return Object.entries(exports).map(([path, { import: file }]) => [
            path === '.' ? name : `${name}/${path.slice(2)}`,
            `/node_modules/${name}/${file.slice(2)}`,
        ]);
    }));
}

const EMPTY = `<!doctype html><title>page</title><link rel="icon" href="data:,"><main></main>
<script type="importmap">${JSON.stringify({ imports: imports() })}</script><script src="/live.js"></script>`;

/** A server of an empty page, which is another origin than the lesson's. */
export async function pages() {
    const server = createServer((request, response) => {
        const path = new URL(request.url, 'http://127.0.0.1').pathname;
        const file = path === '/live.js' ? join(TESTS, '../../book/theme/live.js')
            : /^\/(node_modules|lib)\/[^]*\.js$/.test(path) && !path.includes('..') ? join(TESTS, path) : null;
        try {
            const body = file ? readFileSync(file) : EMPTY;
            response.writeHead(200, { 'content-type': file ? 'text/javascript' : 'text/html' }).end(body);
        } catch {
            response.writeHead(404).end();
        }
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    return { server, address: `http://127.0.0.1:${server.address().port}/` };
}

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM });
