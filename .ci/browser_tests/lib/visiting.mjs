// The process of tests in which pages are visited, for the files of questions that VISITS names.
import { visitAll } from './visits.mjs';

for (const file of process.env.VISITS.split(' ')) {
    await import(`../${file}`);
}
visitAll();
