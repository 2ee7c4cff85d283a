// People search with their own words, or paste their error: the page that answers must be among the
// first results. queries.json lists what they type and the pages that answer it ("05" is a chapter).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { look, search } from './lib/browser.mjs';

const QUERIES = JSON.parse(readFileSync(new URL('./queries.json', import.meta.url), 'utf8'));
const FIRST = 3;

const pageOf = (href) => href.replace(/[?#].*/, '').replace(/\.html$/, '').replace(/^(\d\d)_.*/, '$1');

test(`each of ${QUERIES.length} queries finds its page among the first ${FIRST} results`, () => look('00_introduction.html', {}, async (page) => {
    const missed = [];
    for (const [query, expected] of QUERIES) {
        const results = await search(page, query);
        const hrefs = await results.evaluateAll((links) => links.map((link) => link.getAttribute('href')));
        const found = hrefs.slice(0, FIRST).map(pageOf);
        if (!found.some((page) => expected.includes(page))) {
            missed.push(`"${query}" leads to ${found.join(', ') || 'nothing'}, not to ${expected.join(' or ')}`);
        }
        await page.keyboard.press('Escape');
    }
    assert.ok(missed.length === 0, `use the words of the query on its page:\n  ${missed.join('\n  ')}`);
}));

test('the page that is found marks the words', () => look('00_introduction.html', {}, async (page) => {
    const results = await search(page, 'memory grows');
    await results.first().click();
    // Some may stand in an answer that is folded away.
    await page.locator('main mark').filter({ visible: true }).first().waitFor();
    assert.equal(await page.locator('main svg mark').count(), 0, 'a mark in a picture hides the word: see comfort.js');
}));
