// On a phone no page scrolls sideways: what is wide scrolls inside its own box.
import assert from 'node:assert/strict';
import { PAGES } from './lib/book.mjs';
import { unfold } from './lib/browser.mjs';
import { ask } from './lib/visits.mjs';

// mdBook's body hides what sticks out instead of scrolling to it: text that a reader cannot reach.
function sticksOut() {
    const width = document.documentElement.clientWidth;
    const inBox = (element) => {
        for (let box = element.parentElement; box && box.id !== 'mdbook-content'; box = box.parentElement) {
            if (/auto|scroll/.test(getComputedStyle(box).overflowX)) {
                return true;
            }
        }
        return false;
    };
    return [...document.querySelectorAll('main, main *')]
        .filter((element) => {
            const { left, right, width: own } = element.getBoundingClientRect();
            return own > 0 && (right > width + 0.5 || left < -0.5) && !inBox(element);
        })
        .map((element) => `<${element.localName} class="${element.getAttribute('class') ?? ''}"> ${element.textContent.trim().slice(0, 40)}`);
}

const notClipped = () => [...document.querySelectorAll('main :is(pre, pre > code, .table-wrapper, svg)')]
    .filter((box) => box.scrollWidth > box.clientWidth + 1 && /hidden|clip/.test(getComputedStyle(box).overflowX) && box.localName !== 'svg')
    .map((box) => box.textContent.trim().slice(0, 40));

for (const name of PAGES) {
    ask(`${name} does not scroll sideways on a phone`, name, { phone: true }, async (page) => {
        await unfold(page);
        for (const part of ['document.documentElement', 'document.getElementById("mdbook-content")']) {
            const [scroll, client] = await page.evaluate(`[${part}.scrollWidth, ${part}.clientWidth]`);
            assert.ok(scroll <= client, `${part} is ${scroll} px wide where ${client} are to be seen; give what is wide a box that scrolls`);
        }
        const out = await page.evaluate(sticksOut);
        assert.ok(out.length === 0, `${out.length} elements stick out; give them a box that scrolls: ${out.slice(0, 3).join(' | ')}`);
        const clipped = await page.evaluate(notClipped);
        assert.ok(clipped.length === 0, `a box hides what does not fit; let it scroll: ${clipped.slice(0, 3).join(' | ')}`);
    });
}
