import { AFTER_OUTPUT } from './after-output.ts';
import { BEFORE_THE_HEADERS } from './before-the-headers.ts';
import { INSIDE_200 } from './inside-200.ts';
import type { MatrixRow } from './words.ts';

export const FAULT_MATRIX: readonly MatrixRow[] = [...BEFORE_THE_HEADERS, ...INSIDE_200, ...AFTER_OUTPUT];
