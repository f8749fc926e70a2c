/** JSON with comments and trailing commas, as OpenCode reads its files. */
import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  modify,
  type ParseError,
  parseTree,
} from 'jsonc-parser';
import { CamError } from '../../lib/errors.ts';
import type { ConfigText } from './config-text.ts';

export const jsonText: ConfigText = {
  read(text, path) {
    const node = findNodeAtLocation(rootOf(text), [...path]);
    return node === undefined ? undefined : getNodeValue(node);
  },
  change(text, settings) {
    let changed = text.trim() === '' ? '{}\n' : text;
    rootOf(changed);
    const formattingOptions = { insertSpaces: !/^\t/m.test(changed), tabSize: indentOf(changed), eol: '\n' };
    for (const { path, value } of settings)
      changed = applyEdits(changed, modify(changed, [...path], value, { formattingOptions }));
    return changed;
  },
};

function rootOf(text: string) {
  const faults: ParseError[] = [];
  const root = parseTree(text.trim() === '' ? '{}' : text, faults, {
    allowTrailingComma: true,
    disallowComments: false,
  });
  const [fault] = faults;
  if (fault === undefined && root?.type === 'object') return root;
  const line = fault === undefined ? 1 : text.slice(0, fault.offset).split('\n').length;
  throw new CamError('client_config_invalid', `This is not JSON, by line ${line}.`);
}

function indentOf(text: string): number {
  return /^( +)\S/m.exec(text)?.[1]?.length ?? 2;
}
