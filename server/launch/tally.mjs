/** Counting what was checked: every check is one, every test of a test run is one, nothing is left out. */
import { closingLines } from './say.mjs';

/**
 * An empty tally; `add` says at once how a check ended.
 * @param {(line: string) => void} write
 */
export function createTally(write = (line) => void process.stdout.write(`${line}\n`)) {
  const sum = { passed: 0, failed: 0 };
  return {
    sum,
    /** @param {string} name  @param {{ passed: number, failed: number, output?: string }} result  @param {number} seconds */
    add(name, { passed, failed, output = '' }, seconds) {
      sum.passed += passed;
      sum.failed += failed;
      const verdict = failed === 0 ? 'ok    ' : 'FAILED';
      const count = passed + failed > 1 ? `, ${passed} passed, ${failed} failed` : '';
      write(`${verdict} ${name} (${seconds.toFixed(1)} s${count})`);
      if (failed > 0) write(closingLines(output, 200));
    },
    closingLine: () => `${sum.passed} passed, ${sum.failed} failed`,
  };
}

/**
 * What failed by a report in vitest's JSON format, by file and full name, with what was said of it. Empty when the
 * report names nothing: then the output is all there is.
 */
export function failuresIn(report) {
  const files = report?.testResults ?? [];
  return files.flatMap((file) => [
    ...file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${file.name}\n  ${fullName}\n${failureMessages.join('\n')}`),
    ...(file.status === 'failed' && file.assertionResults.length === 0
      ? [`${file.name}\n${file.message}`]
      : []),
  ]);
}

/**
 * What a report in vitest's JSON format says. A skipped test counts as failed: here, nothing is skipped in
 * silence. A file that would not load, an error outside any test, or no test at all, each make one failure.
 */
export function readReport(report, exitCode) {
  if (report === null) return { passed: 0, failed: 1 };
  const passed = report.numPassedTests;
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + report.numPendingTests + (report.numTodoTests ?? 0) + broken;
  const unexplained = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: unexplained ? 1 : failed };
}
