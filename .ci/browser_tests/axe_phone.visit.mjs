// As axe.test.mjs asks, at a phone's width, and of what mdBook opens over the page.
import { test } from 'node:test';
import { audit, ready } from './lib/audit.mjs';
import { PAGES, THEMES } from './lib/book.mjs';
import { look, search } from './lib/browser.mjs';
import { ask } from './lib/visits.mjs';

for (const name of PAGES) {
    ask(`${name} is accessible on a phone`, name, { phone: true }, async (page) => {
        await ready(page);
        await audit(page);
    }, { last: true });
}

for (const theme of THEMES) {
    test(`what mdBook opens is accessible in ${theme}`, () => look('symptoms.html', { theme }, async (page) => {
        await ready(page);
        const results = await search(page, 'hangs');
        await audit(page);
        await results.first().click();
        await page.locator('main mark').filter({ visible: true }).first().waitFor();
        await page.locator('#mdbook-theme-toggle').click();
        await ready(page);
        await audit(page);
        await page.keyboard.press('Escape');
        await page.keyboard.press('?');
        await page.locator('#mdbook-help-popup').waitFor();
        await audit(page);
    }));
}
