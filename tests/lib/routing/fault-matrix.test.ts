import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FAILURE_CLASSES } from '../../../lib/resilience/failure.ts';
import { withMatrix } from '../../support/fault-matrix/render.ts';
import { FAULT_MATRIX } from '../../support/fault-matrix/rows.ts';

test('the fault matrix in the documentation is the one that the tests try, cell by cell', async () => {
  const document = await readFile(new URL('../../../docs/routing.md', import.meta.url), 'utf8');
  expect(withMatrix(document)).toBe(document);
});

test('the fault matrix has a row for every class of failure', () => {
  const shown = new Set(FAULT_MATRIX.map((row) => row.class));
  expect(FAILURE_CLASSES.filter((one) => !shown.has(one))).toEqual([]);
});
