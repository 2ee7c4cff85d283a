// Every page loads without a complaint, and its title says which page it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAPTERS, PAGES, TITLE } from './lib/book.mjs';
import { look } from './lib/browser.mjs';
import { afterwards, ask } from './lib/visits.mjs';

const titles = new Map();

for (const name of [...PAGES, 'index.html']) {
    ask(`${name} loads without an error`, name, {}, async (page) => {
        titles.set(name, await page.title());
        assert.ok(await page.locator('main h1').first().isVisible(), 'no heading is to be seen');
    });
}

test('a page that does not exist says so, in the book\'s own clothes', () =>
    look('404.html', {}, async (page) => {
        await page.getByText('this URL is invalid').waitFor();
        assert.ok(await page.locator('#mdbook-sidebar a').count() > 0, 'there is no way back into the book');
    }));

afterwards('a title begins with what the sidebar calls the page and ends with the book\'s', () => {
    for (const { file, name } of CHAPTERS) {
        assert.equal(titles.get(file), `${name} - ${TITLE}`, `the title of ${file}`);
    }
    for (const [name, title] of titles) {
        assert.ok(title.endsWith(TITLE), `${name}: the title ${JSON.stringify(title)} does not name the book`);
    }
});

afterwards('no two pages have the same title', () => {
    const seen = new Map();
    for (const [name, title] of titles) {
        // index.html is the introduction under another name.
        if (name !== 'index.html') {
            assert.ok(!seen.has(title), `${name} and ${seen.get(title)} are both called ${JSON.stringify(title)}`);
            seen.set(title, name);
        }
    }
});
