// Chapter 25 calls the lesson's server from its page: served, as a file, on a phone, by keyboard, without a server and
// without JavaScript.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test as plain } from 'node:test';
import { audit, ready } from './lib/audit.mjs';
import { FOLDER, LESSONS } from './lib/book.mjs';
import { launch, start } from './lib/lesson.mjs';
import { serve as serveBook } from './lib/server.mjs';

const test = (name, check) => plain(name, { timeout: 60_000 }, check);
const PAGE = LESSONS.find((name) => name.startsWith('25_'));
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

let browser;
let book;
let serve;

before(async () => {
    [browser, book, serve] = await Promise.all([launch(), serveBook(FOLDER), start()]);
});

after(async () => {
    await browser?.close();
    book?.server.closeAllConnections();
    book?.server.close();
    await serve?.stop();
});

async function opened({ url = book.address + PAGE, server = serve.address, theme = 'light', ...options }, check) {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    if (options.javaScriptEnabled !== false) {
        await page.addInitScript((wanted) => localStorage.setItem('mdbook-theme', wanted), theme);
    }
    await page.goto(url);
    const block = page.locator('main .live');
    const said = (text) => block.locator('.said').filter({ hasText: text }).waitFor();
    try {
        if (options.javaScriptEnabled !== false) {
            await block.getByLabel('Server').fill(server);
        }
        await check({ page, block, said, run: block.getByRole('button', { name: 'Run' }), stop: block.getByRole('button', { name: 'Stop' }) });
    } finally {
        await context.close();
    }
}

for (const [how, where] of [['served', {}], ['as a file', { url: pathToFileURL(join(FOLDER, PAGE)).href }]]) {
    test(`the page ${how} shows messages, and the bytes of each frame`, () => opened(where, async ({ block, said, run }) => {
        await run.click();
        await said('Ended with OK.');
        assert.deepEqual(await block.locator('.numbers li').allTextContents(), ['1', '2', '3', '4', '5']);
        const bytes = await block.locator('.bytes').textContent();
        assert.match(bytes, /^message 1\n00 00 00 00 04 0a 02 10 01\n/);
        assert.match(bytes, /trailer frame: OK\n80 00 00 00 /);
    }));
}

test('Stop drops the server\'s stream', () => opened({}, async ({ block, said, run, stop }) => {
    const dropped = serve.times('the stream is dropped');
    await block.getByLabel('Ask for').selectOption('a hundred numbers');
    await run.click();
    await block.locator('.numbers li').first().waitFor();
    await stop.click();
    await said('Stopped: the server drops its stream.');
    await serve.line('the stream is dropped', dropped + 1);
}));

test('what is refused, and what fails, is said', () => opened({}, async ({ block, said, run }) => {
    await block.getByLabel('Ask for').selectOption('no number, which is refused');
    await run.click();
    await said('Ended with INVALID_ARGUMENT: pt.value must be 1 to 1000.');
    await block.getByLabel('Ask for').selectOption('three numbers, and it fails after two');
    await run.click();
    await said('Ended with DATA_LOSS: café 100% gone.');
}));

// Nothing listens at port 1.
test('without a server the page says what to type', () => opened({ server: 'http://127.0.0.1:1' }, async ({ said, run }) => {
    await run.click();
    await said('cargo run --bin lesson25 -- serve');
    assert.ok(await run.isEnabled(), 'it can be tried again');
}));

test('without JavaScript the page says what to type', () => opened({ javaScriptEnabled: false }, async ({ block }) => {
    assert.match(await block.textContent(), /cargo run --bin lesson25 -- serve --wire/);
    assert.equal(await block.getByRole('button').count(), 0);
}));

test('the block is used by keyboard alone', () => opened({}, async ({ page, block, said, run, stop }) => {
    await block.getByLabel('Ask for').selectOption('a hundred numbers');
    await run.focus();
    await page.keyboard.press('Enter');
    await block.locator('.numbers li').first().waitFor();
    assert.ok(await stop.evaluate((button) => button === document.activeElement), 'Stop has the focus');
    await page.keyboard.press('Enter');
    await said('Stopped');
    assert.ok(await run.evaluate((button) => button === document.activeElement), 'Run has the focus again');
}));

for (const theme of ['light', 'rust', 'coal', 'navy', 'ayu']) {
    test(`while it runs, on a phone and in ${theme}, it is accessible and nothing sticks out`, () => opened({ theme, ...PHONE }, async ({ page, block, said, run }) => {
        await block.getByLabel('Ask for').selectOption('three numbers, and it fails after two');
        await run.click();
        await said('DATA_LOSS');
        const out = await block.locator('*').evaluateAll((all) => all
            .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
            .map((part) => part.outerHTML.slice(0, 60)));
        assert.deepEqual(out, []);
        await ready(page);
        await audit(page, { runOnly: ['color-contrast', 'label', 'scrollable-region-focusable', 'button-name', 'select-name'] });
    }));
}
