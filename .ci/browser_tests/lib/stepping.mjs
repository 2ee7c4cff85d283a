// Runs in the page: steps through every diagram, and says what is wrong with the marks.
export function stepThrough() {
    const plain = (text) => text.replace(/\s+/g, ' ').trim();
    const faults = [];
    for (const [index, details] of [...document.querySelectorAll('main details.drawn')].entries()) {
        const fault = (text) => faults.push(`diagram ${index + 1}: ${text}`);
        const pre = details.previousElementSibling;
        const code = pre?.querySelector(':scope > code.language-text');
        const bar = details.querySelector('.stepper[role=toolbar]');
        const rows = [...details.querySelectorAll('svg.diagram g.row')];
        if (!code || !bar || rows.length === 0) {
            fault(`it has ${code ? 'a' : 'no'} transcript right before it, ${bar ? 'a' : 'no'} toolbar and ${rows.length} rows`);
            continue;
        }
        const wanted = ['[data-act=first]', '[data-act=back]', '[data-act=play][aria-pressed=false]', '[data-act=next]', '[data-act=last]', 'output'];
        const missing = wanted.filter((part) => !bar.querySelector(part));
        if (missing.length > 0 || !bar.getAttribute('aria-label')) {
            fault(`its toolbar lacks ${missing.join(', ') || 'an aria-label'}`);
            continue;
        }
        const transcript = code.textContent;
        const lines = transcript.split('\n');
        const said = new Set();
        bar.querySelector('[data-act=first]').click();
        for (const [at, row] of rows.entries()) {
            const step = `step ${at + 1} of ${rows.length}`;
            const right = rows.every((other, place) =>
                other.classList.contains(place < at ? 'past' : place === at ? 'now' : 'future'));
            if (!right) {
                fault(`${step}: the rows are not past, now and future around it`);
            }
            const words = plain(bar.querySelector('output').textContent);
            if (said.has(words) || words === '') {
                fault(`${step}: the output says ${JSON.stringify(words)}, as before`);
            }
            said.add(words);
            const marks = [...pre.querySelectorAll('mark.now')];
            // What the wire says is not in every transcript.
            if (row.dataset.line === undefined) {
                if (marks.length > 0) {
                    fault(`${step}: a line is marked, and the row has none`);
                }
            } else {
                const from = Number(row.dataset.line);
                const expected = lines.slice(from, from + Number(row.dataset.lines ?? 1)).join('\n');
                if (marks.length !== 1 || marks[0].textContent !== expected) {
                    fault(`${step}: marked is ${JSON.stringify(marks.map((mark) => mark.textContent))} and not ${JSON.stringify(expected)}`);
                }
                // The time has a place of its own.
                const text = plain(expected.replace(/^\s*[\d.]+ /, ''));
                if (!words.includes(text)) {
                    fault(`${step}: the output says ${JSON.stringify(words)} and the line ${JSON.stringify(text)}`);
                }
            }
            if (code.textContent !== transcript) {
                fault(`${step}: the transcript has changed`);
            }
            bar.querySelector('[data-act=next]').click();
        }
        if (!rows.at(-1).classList.contains('now')) {
            fault('next after the last step leaves it');
        }
    }
    return faults;
}

/** Runs in the page: texts that overlap, or leave the picture. */
export function crowded() {
    // In the picture's units. A text's box is as tall as its font, not as its letters.
    const ROOM = 0.5;
    const faults = [];
    for (const svg of document.querySelectorAll('main svg.diagram')) {
        const picture = svg.querySelector('title')?.textContent ?? 'a diagram without a title';
        if (svg.getAttribute('role') !== 'img' || !svg.querySelector('title') || !svg.querySelector('desc')) {
            faults.push(`${picture}: it lacks role="img", a title or a desc`);
        }
        const view = svg.viewBox.baseVal;
        const texts = [...svg.querySelectorAll('text')].map((text) => ({ words: text.textContent.trim(), moved: text.closest('svg [transform]'), box: text.getBBox() }));
        for (const [index, { words, moved, box }] of texts.entries()) {
            if (moved) {
                faults.push(`${picture}: "${words}" has a transform, and this measure does not know it`);
            }
            if (box.x < view.x - ROOM || box.y < view.y - ROOM || box.x + box.width > view.x + view.width + ROOM || box.y + box.height > view.y + view.height + ROOM) {
                faults.push(`${picture}: "${words}" leaves the picture`);
            }
            for (const other of texts.slice(index + 1)) {
                const across = Math.min(box.x + box.width, other.box.x + other.box.width) - Math.max(box.x, other.box.x);
                const down = Math.min(box.y + box.height, other.box.y + other.box.height) - Math.max(box.y, other.box.y);
                if (across > ROOM && down > ROOM) {
                    faults.push(`${picture}: "${words}" and "${other.words}" overlap by ${across.toFixed(1)} x ${down.toFixed(1)}`);
                }
            }
        }
    }
    return faults;
}
