// Asks axe-core about the page as it is now.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { unfold } from './browser.mjs';

// Nothing but colour depends on the theme: everything else is asked in the first theme only.
export const COLOURS = { runOnly: ['color-contrast', 'link-in-text-block'] };

export async function audit(page, options = {}) {
    const violations = await page.evaluate(async (asked) => {
        const result = await globalThis.axe.run(document, { ...asked, resultTypes: ['violations'] });
        return result.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    }, options);
    const said = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => {
        const why = node.failureSummary.split('\n').slice(1).map((line) => line.trim()).join('; ');
        return `${id} (${help}) at ${node.target.join(' ')}: ${why}`;
    }));
    const some = said.slice(0, 5).join('\n  ');
    assert.ok(said.length === 0, `${said.length} violations; mend the page, or mdBook's part in comfort.css or comfort.js:\n  ${some}`);
}

export async function ready(page) {
    await unfold(page);
    // All diagrams have the same parts: axe looks at one of each page, and is done ten times as soon. The shapes of
    // the others are hidden, and axe says nothing about them, but reads each of them in every run. A part with an
    // id stays, because an id must be the only one of its name.
    await page.evaluate(() => {
        for (const details of [...document.querySelectorAll('details.drawn')].slice(1)) {
            details.open = false;
            for (const part of [...details.querySelectorAll('svg *')].reverse()) {
                if (!part.id && part.childElementCount === 0 && !part.matches('title, desc')) {
                    part.remove();
                }
            }
        }
    });
    await page.evaluate(axe.source);
}
