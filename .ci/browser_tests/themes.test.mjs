// The theme is changed in mdBook's menu, by mouse and by keyboard, and is kept for the next page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { THEMES } from './lib/book.mjs';
import { address, look } from './lib/browser.mjs';

const worn = (page) => page.evaluate((all) => all.filter((theme) => document.documentElement.classList.contains(theme)), THEMES);
const ground = (page) => page.evaluate(() => getComputedStyle(document.querySelector('.page-wrapper')).backgroundColor);

async function wears(page, theme, grounds) {
    assert.deepEqual(await worn(page), [theme], `the menu was used, and the page does not wear ${theme}`);
    grounds.set(theme, await ground(page));
    await page.goto(address('05_three_ends.html'));
    assert.deepEqual(await worn(page), [theme], `the next page does not keep ${theme}`);
    assert.equal(await ground(page), grounds.get(theme), `the next page has another ground in ${theme}`);
}

for (const [index, theme] of THEMES.entries()) {
    // From another theme than the one that is chosen.
    const before = THEMES[(index + 1) % THEMES.length];
    const grounds = new Map();

    test(`${theme} is chosen by mouse`, () => look('00_introduction.html', { theme: before }, async (page) => {
        grounds.set(before, await ground(page));
        await page.locator('#mdbook-theme-toggle').click();
        await page.locator(`#mdbook-theme-${theme}`).click();
        await wears(page, theme, grounds);
        assert.notEqual(grounds.get(theme), grounds.get(before), `${theme} and ${before} look the same`);
    }));

    test(`${theme} is chosen by keyboard`, () => look('00_introduction.html', { theme: before }, async (page) => {
        await page.locator('#mdbook-theme-toggle').focus();
        await page.keyboard.press('Enter');
        await page.locator('#mdbook-theme-list').waitFor();
        await page.keyboard.press('Home');
        // The first entry is "Auto".
        for (let step = 0; step <= index; step += 1) {
            await page.keyboard.press('ArrowDown');
        }
        await page.keyboard.press('Enter');
        await wears(page, theme, grounds);
    }));
}
