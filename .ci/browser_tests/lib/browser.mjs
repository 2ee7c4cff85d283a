// One headless chromium for a process of tests. `look` opens a page and hands it to a check; a request
// that leaves 127.0.0.1 is stopped, and fails the check with every other complaint of the page.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { FOLDER } from './book.mjs';
import { serve } from './server.mjs';

let browser;
let book;

before(async () => {
    book = await serve(FOLDER);
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM,
        // For what the browser itself would fetch: no name but the loopback's has an address.
        args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
});

after(async () => {
    await browser?.close();
    book?.server.closeAllConnections();
    book?.server.close();
});

export const address = (name) => new URL(name, book.address).href;

const DESKTOP = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** Opens `name` as `how` says, and runs one check: see `arrive` and `judge`. */
export async function look(name, how, check) {
    const window = await arrive(name, how);
    try {
        await judge(window, check);
    } finally {
        await leave(window);
    }
}

/**
 * Opens `name` as `how` says ({ theme, phone, width, scripts, media, clock }). With `clock` the page's time
 * stands still until a check lets it run.
 */
export async function arrive(name, how) {
    const { theme = 'light', phone = false, scripts = true, media = 'screen', clock = false } = how;
    const device = { ...(phone ? PHONE : DESKTOP), javaScriptEnabled: scripts };
    if (how.width) {
        device.viewport = { ...device.viewport, width: how.width };
    }
    const window = await openWindow(device, theme, clock);
    window.where = `${name}, theme ${theme}, ${device.viewport.width} px, ${media}${scripts ? '' : ', no JavaScript'}`;
    try {
        await judge(window, async (page) => {
            await page.emulateMedia({ media });
            // print.html has every chapter with all its pictures, and takes longer than the other limits.
            await page.goto(address(name), { waitUntil: 'load', timeout: 60_000 });
            if (scripts) {
                await page.evaluate(() => document.fonts.ready.then(() => true));
            }
        });
    } catch (error) {
        await leave(window);
        throw error;
    }
    return window;
}

/** Runs `check(page)`. What fails says where: the page, the theme, the width. */
export async function judge(window, check) {
    const { page, complaints, where } = window;
    try {
        await check(page);
        assert.ok(complaints.length === 0, 'the page complains: open it and read its console');
    } catch (error) {
        window.failed = true;
        const complained = complaints.length > 0 ? `\nthe page complained: ${complaints.join('; ')}` : '';
        // The sentence is the report: no stack, no difference of values.
        const report = new Error(`${where}: ${error.message}${complained}`);
        report.stack = report.message;
        throw report;
    }
}

// A new window costs more than a page: one that a check has left without a fault is used again.
const windows = new Map();

async function openWindow(device, theme, clock) {
    const kind = JSON.stringify([device, theme]);
    const used = windows.get(kind)?.pop();
    if (used && !clock) {
        return used;
    }
    const context = await browser.newContext(device);
    context.setDefaultTimeout(10_000);
    const complaints = [];
    await stopAtTheDoor(context, complaints);
    const page = await context.newPage();
    listen(page, complaints);
    // print.html opens the print dialogue when it has loaded. While that lasts, no PDF can be made of the page.
    await page.addInitScript(() => { window.print = () => {}; });
    // Once only: a check may choose another theme and open the next page.
    await page.addInitScript((wanted) => {
        if (localStorage.getItem('mdbook-theme') === null) {
            localStorage.setItem('mdbook-theme', wanted);
        }
    }, theme);
    if (clock) {
        await page.clock.install({ time: 0 });
    }
    return { kind, page, complaints, clock };
}

/** Gives the window back. */
export async function leave(window) {
    const { kind, page, clock } = window;
    if (clock || window.failed) {
        await page.context().close();
        return;
    }
    // What the page has stored is not the next check's.
    await page.evaluate(() => { localStorage.clear(); sessionStorage.clear(); });
    windows.set(kind, [...(windows.get(kind) ?? []), window]);
}

async function stopAtTheDoor(context, complaints) {
    await context.route(
        (url) => /^(https?|wss?):$/.test(url.protocol) && url.hostname !== '127.0.0.1',
        (route) => {
            complaints.push(`it asks for ${route.request().url()}: the book loads nothing from elsewhere`);
            return route.abort();
        },
    );
}

function listen(page, complaints) {
    page.on('console', (message) => {
        if (message.type() === 'error') {
            complaints.push(`console: ${message.text()}`);
        }
    });
    page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
    page.on('requestfailed', (request) => {
        // Leaving a page gives up what it still loads.
        if (request.failure()?.errorText !== 'net::ERR_ABORTED') {
            complaints.push(`not loaded: ${request.url()}`);
        }
    });
    page.on('response', (response) => {
        if (response.status() >= 400) {
            complaints.push(`${response.status()} for ${response.url()}`);
        }
    });
}

/** Opens every folded answer, so that a check sees what a reader can see. */
export const unfold = (page) =>
    page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));

/** Types into mdBook's search and waits for its answer. */
export async function search(page, words) {
    await page.keyboard.press('/');
    const bar = page.locator('#mdbook-searchbar');
    await bar.fill(words);
    // mdBook searches when a key goes up.
    await bar.press('End');
    // This line of its own says for which words the results are.
    await page.locator('#mdbook-searchresults-header').filter({ hasText: `'${words}'` }).waitFor();
    return page.locator('#mdbook-searchresults > li > a');
}
