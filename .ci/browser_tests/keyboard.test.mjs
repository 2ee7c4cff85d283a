// Everything can be reached and seen by keyboard, and the arrow keys turn the page only where nothing
// else wants them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LESSONS, THEMES } from './lib/book.mjs';
import { look, unfold } from './lib/browser.mjs';

const [PAGE, NEXT] = [LESSONS[1], LESSONS[2]];

/** Presses Tab until `selector` has the focus; fails when the focus has been everywhere. */
async function tabTo(page, selector) {
    for (let presses = 0; presses < 120; presses += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) {
            return;
        }
    }
    assert.fail(`120 presses of Tab do not reach ${selector}`);
}

/** The contrast of the focus's outline with the ground around it; 0 where there is no outline. */
function outline() {
    const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
    const light = (colour) => channels(colour).slice(0, 3)
        .map((channel) => channel / 255)
        .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4))
        .reduce((sum, channel, index) => sum + channel * [0.2126, 0.7152, 0.0722][index], 0);
    const focused = document.activeElement;
    const style = getComputedStyle(focused);
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1) {
        return 0;
    }
    let ground = focused;
    const clear = (colour) => channels(colour)[3] === 0;
    while (ground.parentElement && clear(getComputedStyle(ground).backgroundColor)) {
        ground = ground.parentElement;
    }
    const [a, b] = [style.outlineColor, getComputedStyle(ground).backgroundColor].map(light);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const REACHED = ['#mdbook-sidebar a', '#mdbook-sidebar-toggle', '#mdbook-theme-toggle', '#mdbook-search-toggle', 'main a:not(.header)', 'main summary'];

for (const theme of THEMES) {
    test(`Tab reaches everything, with a focus that can be seen in ${theme}`, () => look(PAGE, { theme }, async (page) => {
        for (const selector of REACHED) {
            await tabTo(page, selector);
            const contrast = await page.evaluate(outline);
            assert.ok(contrast >= 3, `the focus on ${selector} has an outline of contrast ${contrast.toFixed(1)}; WCAG asks for 3`);
        }
    }));
}

test('the sidebar opens and closes by keyboard', () => look(PAGE, {}, async (page) => {
    const shown = () => page.locator('#mdbook-sidebar').getAttribute('aria-hidden');
    for (const [key, hidden] of [['Enter', 'true'], [' ', 'false']]) {
        await tabTo(page, '#mdbook-sidebar-toggle');
        await page.keyboard.press(key);
        assert.equal(await shown(), hidden, `${JSON.stringify(key)} on the sidebar's button does nothing`);
    }
    await tabTo(page, '#mdbook-sidebar a');
}));

const isOn = (page, name) => assert.ok(page.url().endsWith(`/${name}`), `the page is ${page.url()} and not ${name}`);

test('the arrow keys turn the page when the page has the focus', () => look(PAGE, {}, async (page) => {
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(`**/${NEXT}`);
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(`**/${PAGE}`);
}));

// What owns its arrow keys; the last four are put into the page for the test's sake.
const OWNERS = {
    'a scrollable transcript or listing': 'main pre > code[tabindex="0"]',
    'a scrollable table': 'main .table-wrapper[tabindex="0"]',
    'a folded answer': 'main summary',
    'a radio button': 'main #probe input[type=radio]',
    'a text field': 'main #probe input[type=text]',
    'a selection': 'main #probe select',
    'a button of a stepper': 'main #probe .stepper button',
};
const PROBE = `<div id="probe"><input type="radio" aria-label="r"><input type="text" aria-label="t">
    <select aria-label="s"><option>a</option></select><div class="stepper"><button>b</button></div></div>`;

for (const [what, selector] of Object.entries(OWNERS)) {
    // On a phone's width tables and listings scroll.
    test(`the arrow keys do not turn the page in ${what}`, () => look(PAGE, { phone: true }, async (page) => {
        await page.evaluate((html) => document.querySelector('main').insertAdjacentHTML('beforeend', html), PROBE);
        await unfold(page);
        await page.locator(selector).first().focus();
        for (const key of ['ArrowRight', 'ArrowLeft']) {
            const turned = page.waitForEvent('framenavigated', { timeout: 10_000 }).then(() => true, () => false);
            await page.keyboard.press(key);
            // mdBook sets the address in the key's own event: what is begun by now shows in the next.
            const begun = await Promise.race([turned, page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(false))))).catch(() => true)]);
            assert.ok(!begun, `${key} turns the page; comfort.js should keep it in ${selector}`);
            isOn(page, PAGE);
        }
    }));
}

test('an arrow key scrolls a transcript that has the focus', () => look(PAGE, { phone: true }, async (page) => {
    const box = page.locator('main pre > code[tabindex="0"]').first();
    await box.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.activeElement.scrollLeft > 0);
}));
