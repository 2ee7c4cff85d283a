// axe-core finds nothing serious on any page, in any theme. mdBook's own parts count, too.
import assert from 'node:assert/strict';
import { COLOURS, audit, ready } from './lib/audit.mjs';
import { PAGES, THEMES } from './lib/book.mjs';
import { ask } from './lib/visits.mjs';

/** As by the menu, but with every change of colour at its end. */
async function change(page, theme) {
    await page.evaluate((wanted) => {
        document.getElementById(`mdbook-theme-${wanted}`).click();
        document.getAnimations().forEach((animation) => animation.finish());
    }, theme);
    assert.ok(await page.evaluate((wanted) => document.documentElement.classList.contains(wanted), theme), `the menu does not change to ${theme}`);
}

for (const name of PAGES) {
    ask(`${name} is accessible in every theme`, name, {}, async (page) => {
        await ready(page);
        await audit(page);
        // print.html is all pages in one: its colours are theirs, and it is as slow as all of them.
        const others = name === 'print.html' ? [] : THEMES.slice(1);
        for (const theme of others) {
            await change(page, theme);
            await audit(page, COLOURS).catch((error) => { throw new Error(`in ${theme}: ${error.message}`); });
        }
    }, { last: true });
}
