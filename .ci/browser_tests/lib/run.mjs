// Runs the named files of tests (without names: all), each in a process with a browser of its own; all visits (lib/visits.mjs) are one process.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';

const folder = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const wanted = process.argv.slice(2);
const all = readdirSync(folder).filter((name) => /\.(test|visit)\.mjs$/.test(name));
const nameOf = (file) => file.replace(/\.(test|visit)\.mjs$/, '');
const files = all.filter((file) => wanted.length === 0 || wanted.includes(nameOf(file)));
if (files.length < Math.max(wanted.length, 1)) {
    console.error(`no such tests: ${wanted.join(' ')}; there are ${all.map(nameOf).join(' ')}`);
    process.exit(2);
}
const visits = files.filter((file) => file.endsWith('.visit.mjs'));
process.env.VISITS = visits.join(' ');
const programs = files.filter((file) => file.endsWith('.test.mjs')).map((file) => join(folder, file));
if (visits.length > 0) {
    programs.unshift(join(folder, 'lib/visiting.mjs'));
}

// The limit is for a browser that hangs. All visits together take a few minutes, each page has a limit of its own.
run({ files: programs, concurrency: 2, timeout: 1_800_000 })
    .on('test:fail', () => { process.exitCode = 1; })
    .compose(new Spec())
    .pipe(process.stdout);
