/** Writes the pages that are made from definitions: `node tests/support/docs/write.ts`. */
import { writeFileSync } from 'node:fs';
import { COMMANDS } from '../../../server/cli/command-list.ts';
import { outline } from '../../../server/cli/outline.ts';
import { configurationText } from './configuration.ts';
import { manual } from './manual.ts';

writeFileSync('docs/cli.md', manual(await outline(COMMANDS)));
writeFileSync('docs/configuration.md', configurationText());
