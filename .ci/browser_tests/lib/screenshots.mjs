// Writes a picture of every page, whole, as a phone and a desktop see it: PAGE.THEME.WIDTH.png.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PAGES } from './book.mjs';
import { look } from './browser.mjs';

const folder = process.env.SCREENSHOTS;
mkdirSync(folder, { recursive: true });

for (const name of PAGES) {
    for (const theme of ['light', 'navy']) {
        for (const phone of [true, false]) {
            test(`${name} in ${theme}${phone ? ' on a phone' : ''}`, () => look(name, { theme, phone }, async (page) => {
                const path = join(folder, `${name.replace('.html', '')}.${theme}.${phone ? 390 : 1280}.png`);
                // A picture of the whole book at a phone's resolution is more than the browser can paint.
                await page.screenshot({ path, fullPage: name !== 'print.html', scale: 'css' });
            }));
        }
    }
}
