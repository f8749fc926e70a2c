/** Files of lines (shell profiles, `.env`): ours stand together between two marks at the end, where the last word counts. */
import type { ConfigText } from './config-text.ts';

const BEGIN = '# >>> codex-account-manager >>>';
const END = '# <<< codex-account-manager <<<';
const BLOCK = new RegExp(`\\n?${BEGIN}\\n([\\s\\S]*?)\\n?${END}\\n`);

/** The one setting of such a file: the lines between the marks. */
export const BLOCK_PATH = ['block'] as const;

export const blockText: ConfigText = {
  read: (text) => BLOCK.exec(text)?.[1],
  change(text, settings) {
    const value = settings.at(-1)?.value;
    const without = text.replace(BLOCK, '');
    if (typeof value !== 'string') return without;
    const before = without === '' || without.endsWith('\n') ? without : `${without}\n`;
    return `${before}${before === '' ? '' : '\n'}${BEGIN}\n${value}\n${END}\n`;
  },
};
