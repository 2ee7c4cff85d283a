// Runs the named files of tests (without names: all), each in a process with a browser of its own.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';

const folder = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
    .filter((name) => name.endsWith('.test.mjs'))
    .filter((name) => wanted.length === 0 || wanted.includes(name.replace('.test.mjs', '')))
    .map((name) => join(folder, name));
if (files.length < Math.max(wanted.length, 1)) {
    console.error(`no such tests: ${wanted.join(' ')}; there are ${readdirSync(folder).filter((name) => name.endsWith('.test.mjs')).join(' ')}`);
    process.exit(2);
}

// The limit is for a browser that hangs; a whole file takes less than two minutes.
run({ files, concurrency: 2, timeout: 600_000 })
    .on('test:fail', () => { process.exitCode = 1; })
    .compose(new Spec())
    .pipe(process.stdout);
