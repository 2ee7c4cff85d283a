// A drawn transcript can be stepped through; without JavaScript it is a picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LESSONS, PAGES } from './lib/book.mjs';
import { look, unfold } from './lib/browser.mjs';
import { crowded, stepThrough } from './lib/stepping.mjs';
import { ask } from './lib/visits.mjs';

const some = (faults) => `${faults.length} faults:\n  ${faults.slice(0, 5).join('\n  ')}`;
const MISSING = 'there is no <details class="drawn"> with a picture of a transcript';

for (const name of LESSONS) {
    // Marks stay behind.
    ask(`${name} can be stepped through`, name, { visit: 'used' }, async (page) => {
        assert.ok(await page.locator('main details.drawn').count() > 0, MISSING);
        await unfold(page);
        const faults = await page.evaluate(stepThrough);
        assert.ok(faults.length === 0, some(faults));
    });

    ask(`${name} is a picture where there is no JavaScript`, name, { scripts: false }, async (page) => {
        const drawn = await page.locator('main details.drawn').all();
        assert.ok(drawn.length > 0, MISSING);
        assert.equal(await page.locator('.stepper').count(), 0, 'there is a toolbar that nothing answers');
        // In the page's order: a run behind a link is in a fold of its own, around its picture's.
        for (const details of await page.locator('main details:is(.drawn, :has(.drawn))').all()) {
            if (await details.getAttribute('open') === null) {
                await details.locator(':scope > summary').click();
            }
        }
        for (const details of drawn) {
            const rows = await details.locator('g.row').evaluateAll((all) => all.map((row) =>
                row.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })));
            assert.ok(rows.length > 0 && !rows.includes(false), 'a row is not to be seen');
        }
    });
}

for (const name of PAGES) {
    ask(`no label in a diagram of ${name} overlaps another or leaves it`, name, {}, async (page) => {
        await unfold(page);
        await page.evaluate(() => document.fonts.ready.then(() => true));
        const faults = await page.evaluate(crowded);
        assert.ok(faults.length === 0, some(faults));
    });
}

/** The first diagram of the page, opened, with the mark of its steps: now(page) is the step's index. */
async function first(page) {
    const details = page.locator('main details.drawn').first();
    assert.ok(await details.count() > 0, MISSING);
    if (await details.getAttribute('open') === null) {
        await details.locator('summary').click();
    }
    const act = (name) => details.locator(`.stepper [data-act=${name}]`);
    const now = () => details.locator('g.row').evaluateAll((rows) => rows.findIndex((row) => row.classList.contains('now')));
    return { details, act, now, steps: await details.locator('g.row').count() };
}

test('the buttons step by mouse', () => look(LESSONS[0], {}, async (page) => {
    const { act, now, steps } = await first(page);
    for (const [button, expected] of [['first', 0], ['next', 1], ['next', 2], ['back', 1], ['last', steps - 1], ['next', steps - 1], ['first', 0], ['back', 0]]) {
        await act(button).click();
        assert.equal(await now(), expected, `after a click on ${button} the step is another`);
    }
}));

test('the arrow keys, Home and End step, and the page stays', () => look(LESSONS[0], {}, async (page) => {
    const { act, now, steps } = await first(page);
    await act('first').press('Enter');
    for (const [key, expected] of [['ArrowRight', 1], ['ArrowRight', 2], ['ArrowLeft', 1], ['End', steps - 1], ['ArrowRight', steps - 1], ['Home', 0], ['ArrowLeft', 0]]) {
        await page.keyboard.press(key);
        assert.equal(await now(), expected, `after ${key} the step is another`);
    }
    assert.ok(page.url().endsWith(LESSONS[0]), `the page is now ${page.url()}`);
}));

// Virtual time: the run does not wait.
for (const key of ['mouse', 'Space']) {
    test(`play is started and paused by ${key}, and goes on to the end`, () => look(LESSONS[0], { clock: true }, async (page) => {
        const { act, now, steps } = await first(page);
        const pressed = () => act('play').getAttribute('aria-pressed');
        const toggle = () => (key === 'mouse' ? act('play').click() : act('play').press('Space'));
        await act('first').click();
        assert.equal(await pressed(), 'false', 'play is pressed before anyone has pressed it');
        await toggle();
        assert.equal(await pressed(), 'true', 'play runs and its aria-pressed does not say so');
        while (await now() < 1) {
            await page.clock.runFor(100);
        }
        await toggle();
        assert.equal(await pressed(), 'false', 'play is paused and its aria-pressed does not say so');
        const paused = await now();
        await page.clock.runFor(60_000);
        assert.equal(await now(), paused, 'it goes on while it is paused');
        await toggle();
        await page.clock.runFor(steps * 60_000);
        assert.equal(await now(), steps - 1, 'play does not reach the end');
        assert.equal(await pressed(), 'false', 'play is at the end and still pressed');
    }));
}
