// On paper everything is open, and no transcript and no diagram is torn between two sheets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LESSONS, PAGES } from './lib/book.mjs';
import { look } from './lib/browser.mjs';
import { ask } from './lib/visits.mjs';

// A4 inside the margins of comfort.css, at 96 pixels an inch.
const MARGIN = 15;
const WIDTH = Math.floor(((210 - 2 * MARGIN) / 25.4) * 96);
const HEIGHT = Math.floor(((297 - 2 * MARGIN) / 25.4) * 96);

const hidden = () => [...document.querySelectorAll('main details > :not(summary, .stepper), main fieldset.predict .why')]
    .filter((element) => !element.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true }) || element.getBoundingClientRect().height === 0)
    .map((element) => element.textContent.trim().slice(0, 50));

const KEPT = 'main pre:has(> code:not(.language-rust)), main svg.diagram, main .plot, main fieldset.predict';

const blocks = (selector) => [...document.querySelectorAll(selector)].map((block) => ({
    what: `${block.localName} "${(block.querySelector('title') ?? block).textContent.trim().replace(/\s+/g, ' ').slice(0, 60)}"`,
    height: Math.ceil(block.getBoundingClientRect().height),
    width: Math.ceil(Math.max(block.getBoundingClientRect().width, block.firstElementChild?.scrollWidth ?? 0)),
    whole: getComputedStyle(block).breakInside,
}));

// What is wrapped on paper is taller than its lines.
const wrapped = () => [...document.querySelectorAll('main pre > code.language-text')]
    .filter((code) => {
        const style = getComputedStyle(code);
        const inner = code.clientHeight - parseFloat(style.paddingBlockStart) - parseFloat(style.paddingBlockEnd);
        return inner > (code.textContent.trimEnd().split('\n').length + 0.5) * parseFloat(style.lineHeight);
    })
    .map((code) => code.textContent.trim().slice(0, 60));

for (const name of PAGES) {
    ask(`${name} can be printed`, name, { media: 'print', width: WIDTH }, async (page) => {
        const folded = await page.evaluate(hidden);
        assert.ok(folded.length === 0, `${folded.length} answers are not to be seen; open them in @media print: ${folded.slice(0, 3).join(' | ')}`);
        for (const { what, height, width, whole } of await page.evaluate(blocks, KEPT)) {
            assert.ok(whole === 'avoid', `${what}: break-inside is ${whole}, so a sheet's end may tear it`);
            assert.ok(height <= HEIGHT, `${what} is ${height} px tall, a sheet ${HEIGHT}: shorten it, or make it smaller in @media print`);
            assert.ok(width <= WIDTH, `${what} is ${width} px wide, a sheet ${WIDTH}: make it smaller in @media print`);
        }
        const broken = await page.evaluate(wrapped);
        assert.ok(broken.length === 0, `a transcript's lines do not fit on a sheet; smaller letters in @media print: ${broken[0]}`);
        const pdf = await page.pdf({ format: 'A4' });
        assert.equal(pdf.subarray(0, 5).toString(), '%PDF-', 'the browser makes no PDF of it');
    });
}

test('the sheet has the margins that these measures are made for', () =>
    look('01_unary.html', {}, async (page) => {
        const margins = await page.evaluate(() => [...document.styleSheets]
            .flatMap((sheet) => [...sheet.cssRules])
            .flatMap((rule) => [rule, ...(rule.cssRules ?? [])])
            .filter((rule) => rule instanceof CSSPageRule)
            .map((rule) => rule.style.margin));
        assert.deepEqual(margins, [`${MARGIN}mm`], 'change @page in comfort.css and MARGIN here together');
    }));

test('answers that printing opened are closed again', () => look('02_server_streaming.html', {}, async (page) => {
    const open = () => page.locator('main details[open]:not(.drawn)').count();
    const before = await open();
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    assert.equal(await page.locator('main details:not([open])').count(), 0, 'print.js leaves an answer closed');
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    assert.equal(await open(), before, 'print.js does not close what it has opened');
}));

test('each worksheet takes one sheet of paper, behind the one that says how', () => look('worksheets.html', { media: 'print', width: WIDTH }, async (page) => {
    const pdf = await page.pdf({ format: 'A4' });
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
    assert.ok(sheets === LESSONS.length + 1, `${LESSONS.length} worksheets take ${sheets - 1} sheets: make the longest shorter`);
}));
