// Who types a symptom into the search finds the page that explains it, among the first results.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, search } from './lib/browser.mjs';

const SYMPTOMS = [
    ['memory grows', ['symptoms.html']],
    ['hangs', ['symptoms.html', '08_call_that_never_returns.html', '10_both_sides_sending.html']],
    ['last messages are missing', ['symptoms.html', '05_three_ends.html']],
    ['client has gone', ['symptoms.html', '12_cancel_by_drop.html']],
    ['transport error', ['symptoms.html', 'status_codes.html']],
    ['window is full', ['09_backpressure.html', '10_both_sides_sending.html', '11_frozen_neighbour.html']],
    ['deadline', ['15_deadlines.html', 'glossary.html']],
    ['io.EOF', ['coming_from_go.html', '05_three_ends.html', '04_bidi_streaming.html']],
];
const FIRST = 5;

for (const [symptom, expected] of SYMPTOMS) {
    test(`the search finds "${symptom}"`, () => look('00_introduction.html', {}, async (page) => {
        const results = await search(page, symptom);
        const hrefs = await results.evaluateAll((links) => links.map((link) => link.getAttribute('href')));
        const found = hrefs.map((href) => href.replace(/[?#].*/, ''));
        assert.ok(
            found.slice(0, FIRST).some((page) => expected.includes(page)),
            `"${symptom}" leads to ${found.slice(0, FIRST).join(', ') || 'nothing'}; use these words in ${expected.join(' or ')}`,
        );
        await results.first().click();
        // The page that is found marks the words; some may stand in an answer that is folded away.
        await page.locator('main mark').filter({ visible: true }).first().waitFor();
        assert.equal(await page.locator('main svg mark').count(), 0, 'a mark in a picture hides the word: see comfort.js');
    }));
}
