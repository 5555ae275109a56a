// A reporter for node --test that prints one JSON line: { passed, failed, skipped }, in test cases. Suites (describe) are not
// cases, unless one is skipped, whose cases are not told of; and neither is a file, which node reports as a case of its own when
// no test is in it.
import { isAbsolute } from 'node:path';

const isFile = ({ name, nesting }) => nesting === 0 && (isAbsolute(name) || name.endsWith('.test.mjs'));

export default async function* testCounts(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    if (data?.details?.type === 'suite') {
      if (type === 'test:pass' && data.skip !== undefined) counts.skipped++;
      continue;
    }
    // A file that fails as a whole (it does not load) is a failure; one that passes as a whole has run nothing.
    if (type === 'test:fail') counts.failed++;
    if (type === 'test:pass' && !isFile(data)) {
      if (data.skip !== undefined || data.todo !== undefined) counts.skipped++;
      else counts.passed++;
    }
  }
  yield `${JSON.stringify(counts)}\n`;
}
