// Which pages the built book has, what they are called, and which of them are lessons.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const FOLDER = process.env.BOOK;
if (!FOLDER) {
    throw new Error('BOOK names no folder: run .ci/browser, which sets it');
}

export const TITLE = 'The Streaming Workbook';
export const THEMES = ['light', 'rust', 'coal', 'navy', 'ayu'];

// toc.html is no page: it is what the sidebar shows where there is no JavaScript.
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.html') && name !== 'toc.html');

/** The sidebar's entries, in order: { file, name }. */
export const CHAPTERS = [
    ...readFileSync(join(FOLDER, 'toc.html'), 'utf8').matchAll(/<a href="([^"]+)"[^>]*>([^<]+)<\/a>/g),
].map(([, file, name]) => ({ file, name }));

// index.html is a copy of the first chapter.
export const PAGES = files.filter((name) => name !== 'index.html').sort();
export const LESSONS = PAGES.filter((name) => /^(?!00)\d\d_/.test(name));

for (const { file } of CHAPTERS) {
    if (!PAGES.includes(file)) {
        throw new Error(`${file} is in the sidebar and not in ${FOLDER}: build the book again`);
    }
}
if (LESSONS.length === 0) {
    throw new Error(`${FOLDER} holds no lesson: build the book with mdbook build book`);
}
