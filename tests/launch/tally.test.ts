/** The closing line counts everything, and nothing passes by being left out. */
import { describe, expect, it } from 'vitest';
import { createTally, failuresIn, readReport } from '../../server/launch/tally.mjs';

const report = (more: Record<string, unknown> = {}) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
  ...more,
});

describe('reading a report of tests', () => {
  it('takes over passed and failed tests', () => {
    expect(readReport(report({ numFailedTests: 2 }), 1)).toEqual({ passed: 3, failed: 2 });
    expect(readReport(report(), 0)).toEqual({ passed: 3, failed: 0 });
  });

  it('counts skipped and planned tests as failures', () => {
    expect(readReport(report({ numPendingTests: 1, numTodoTests: 1 }), 0)).toEqual({ passed: 3, failed: 2 });
  });

  it('counts a file that could not be loaded', () => {
    expect(readReport(report({ testResults: [{ status: 'failed', assertionResults: [] }] }), 1).failed).toBe(
      1,
    );
  });

  it('counts one failure when the run failed for reasons of its own', () => {
    expect(readReport(report(), 1)).toEqual({ passed: 3, failed: 1 });
  });

  it('counts one failure when there was no test or no report at all', () => {
    expect(readReport(report({ numPassedTests: 0, testResults: [] }), 0)).toEqual({ passed: 0, failed: 1 });
    expect(readReport(null, 0)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('naming what failed', () => {
  const test = (status: string, fullName: string, failureMessages: string[] = []) => ({
    status,
    fullName,
    failureMessages,
  });

  it('tells file, name and reason of every failed test, and of no other', () => {
    const assertionResults = [test('passed', 'a b'), test('failed', 'a c', ['expected 1 to be 2'])];
    const failed = report({ testResults: [{ name: 'x.test.ts', status: 'failed', assertionResults }] });
    expect(failuresIn(failed)).toEqual(['x.test.ts\n  a c\nexpected 1 to be 2']);
  });

  it('tells of a file that could not be loaded', () => {
    const file = { name: 'x.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
    expect(failuresIn(report({ testResults: [file] }))).toEqual(['x.test.ts\nno such module']);
  });

  it('names nothing where the report does not', () => {
    expect(failuresIn(null)).toEqual([]);
    expect(failuresIn(report())).toEqual([]);
  });
});

describe('the tally', () => {
  it('adds up to one closing line and shows the output of what failed', () => {
    const lines: string[] = [];
    const tally = createTally((line: string) => void lines.push(line));
    tally.add('types', { passed: 1, failed: 0, output: 'quiet' }, 2);
    tally.add('unit tests', { passed: 9, failed: 1, output: 'expected 1 to be 2' }, 3);
    expect(tally.closingLine()).toBe('10 passed, 1 failed');
    expect(lines).toEqual([
      'ok     types (2.0 s)',
      'FAILED unit tests (3.0 s, 9 passed, 1 failed)',
      'expected 1 to be 2',
    ]);
  });
});
