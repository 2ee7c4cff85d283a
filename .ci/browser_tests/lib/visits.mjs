// Loading a page costs as much as most questions about it. So files of questions (NAME.visit.mjs) do not open
// pages themselves: each page is opened once for all that is asked of it in the same kind of window.
import { describe, test } from 'node:test';
import { arrive, judge, leave } from './browser.mjs';

const visits = new Map();
const closing = [];

/**
 * Asks `check(page)` about `name`, opened as `how` says. Those with the same `how` see the same page one after
 * the other, so a check leaves the page as others may find it, or is asked `last`, or its `how` has a `visit`
 * of its own.
 */
export function ask(title, name, how, check, { last = false } = {}) {
    const key = JSON.stringify([name, how]);
    const visit = visits.get(key) ?? { name, how, questions: [], last: [] };
    visits.set(key, visit);
    (last ? visit.last : visit.questions).push({ title, check });
}

/** A test of what all visits have found. */
export function afterwards(title, check) {
    closing.push({ title, check });
}

async function visit(report, { name, how, questions, last }) {
    const window = await arrive(name, how);
    try {
        for (const { title, check } of [...questions, ...last]) {
            await report.test(title, () => judge(window, check));
        }
    } finally {
        await leave(window);
    }
}

/** Makes the tests of all that has been asked. Two pages at once, because one keeps one core busy. */
export function visitAll() {
    const pages = new Map();
    for (const one of visits.values()) {
        pages.set(one.name, [...(pages.get(one.name) ?? []), one]);
    }
    describe('what is asked of each page', { concurrency: 2 }, () => {
        // print.html takes as long as all others: nothing else would be left to do beside it at the end.
        const long = ([name]) => Number(name === 'print.html');
        for (const [name, all] of [...pages].sort((a, b) => long(b) - long(a))) {
            test(name, { timeout: 600_000 }, async (report) => {
                for (const one of all) {
                    await visit(report, one);
                }
            });
        }
    });
    for (const { title, check } of closing) {
        test(title, check);
    }
}
