// A prediction is made before its explanation is seen, with and without JavaScript; on paper there is
// nothing to choose, so everything is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LESSONS } from './lib/book.mjs';
import { look } from './lib/browser.mjs';
import { ask } from './lib/visits.mjs';

const MISSING = 'there is no <fieldset class="predict">: give the chapter a question with options';

const options = (page) => page.locator('main fieldset.predict .option');
const explained = (question) => question.locator('.why').evaluateAll((all) => all.map((why) => why.checkVisibility()));

for (const name of LESSONS) {
    ask(`${name} asks for a prediction`, name, {}, async (page) => {
        assert.ok(await options(page).count() > 0, MISSING);
        const faults = await page.locator('main fieldset.predict').evaluateAll((questions) => questions.flatMap((question, index) => {
            const all = [...question.querySelectorAll(':scope > .option')];
            const radios = all.map((option) => option.querySelector(':scope > input[type=radio]'));
            const rules = {
                'its first child is no <legend>': question.firstElementChild?.localName === 'legend',
                'it has fewer than two options': all.length >= 2,
                'no option, or more than one, is .answer': all.filter((option) => option.matches('.answer')).length === 1,
                'an option has no radio button with an id': radios.every((radio) => radio?.id),
                'its radio buttons do not share one name': new Set(radios.map((radio) => radio?.name)).size === 1,
                'an option has no label for its radio button': all.every((option, at) => option.querySelector(':scope > label')?.htmlFor === radios[at]?.id),
                'an option has no <p class="why">': all.every((option) => option.querySelector(':scope > p.why')?.textContent.trim()),
                'its name is used by another question': document.querySelectorAll(`input[name="${radios[0]?.name}"]`).length === all.length,
            };
            return Object.entries(rules).filter(([, kept]) => !kept).map(([fault]) => `question ${index + 1}: ${fault}`);
        }));
        assert.ok(faults.length === 0, faults.join('; '));
    });

    for (const scripts of [true, false]) {
        const how = scripts ? 'with JavaScript' : 'without JavaScript';
        // What is chosen stays chosen.
        const visit = scripts ? { visit: 'used' } : { scripts: false };
        ask(`${name} explains what is chosen, and on paper everything, ${how}`, name, visit, async (page) => {
            const questions = await page.locator('main fieldset.predict').all();
            assert.ok(questions.length > 0, MISSING);
            for (const question of questions) {
                assert.ok(!(await explained(question)).includes(true), 'an explanation is to be seen before anything is chosen');
                const labels = await question.locator('.option > label').all();
                for (const [index, label] of labels.entries()) {
                    await label.click();
                    const wrong = (await explained(question)).findIndex((seen, at) => seen !== (at === index));
                    assert.ok(wrong === -1, `option ${index + 1} is chosen: the explanation of option ${wrong + 1} should be ${wrong === index ? 'shown' : 'hidden'}`);
                }
            }
            await page.emulateMedia({ media: 'print' });
            const seen = await explained(page.locator('main'));
            assert.ok(!seen.includes(false), `on paper ${seen.filter((shown) => !shown).length} explanations are hidden; show .why in @media print`);
            await page.emulateMedia({ media: 'screen' });
        });
    }
}

test('an option is chosen by arrow key, and the page stays', () => look(LESSONS[0], {}, async (page) => {
    assert.ok(await options(page).count() > 1, MISSING);
    await options(page).nth(0).locator('input').focus();
    await page.keyboard.press('ArrowRight');
    assert.ok(await options(page).nth(1).locator('input').isChecked(), 'the arrow key does not choose the next option');
}));
