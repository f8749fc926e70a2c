/** `node tests/support/fault-matrix/write.ts` writes the matrix into `docs/routing.md`. */
import { readFile, writeFile } from 'node:fs/promises';
import { withMatrix } from './render.ts';

const file = new URL('../../../docs/routing.md', import.meta.url);
await writeFile(file, withMatrix(await readFile(file, 'utf8')));
