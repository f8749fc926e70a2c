/** `docs/configuration.md`, made from the one schema. */
import { z } from 'zod';
import { LEAVES, type LeafName } from '../../../lib/config.ts';
import { flagName } from '../../../server/config.ts';

const INTRO = `# Configuration

This file is made from the schema in \`lib/config.ts\` (\`node tests/support/docs/write.ts\`); a test compares them.

Settings come from four places; a later one wins: the default, \`config.toml\`, the environment, a flag. \`cam config path\`
says where the file is, \`cam config get\` shows what holds and who decided it, \`cam config check\` tells every fault at
once with its line. A setting that does not exist is a fault, with the one that was perhaps meant.

\`cam config set NAME VALUE\`, \`cam config unset NAME\` and \`cam config edit\` change the file and keep its comments and
order; so does Settings at \`/admin\`. A running server takes a changed file by itself, whole or not at all, and again on
SIGHUP where it has no terminal. Settings that are marked hold from the next start.

The file is TOML; both forms mean the same:

\`\`\`toml
routing.strategy = "priority"

[limits]
time_zone = "Europe/Berlin"
\`\`\`

| where | file |
|---|---|
| Linux | \`$XDG_CONFIG_HOME/codex-account-manager/config.toml\`, or \`~/.config/…\` |
| macOS | \`~/Library/Application Support/codex-account-manager/config.toml\` |
| Windows | \`%APPDATA%\\codex-account-manager\\config.toml\` |
| with \`CAM_HOME\` or \`--home\` | \`config.toml\` in that folder |
`;

export function configurationText(): string {
  const names = Object.keys(LEAVES) as LeafName[];
  const sections = Map.groupBy(names, (name) => name.slice(0, name.indexOf('.')));
  return `${[INTRO.trimEnd(), ...[...sections].map(([section, of]) => sectionText(section, of))].join('\n\n')}\n`;
}

function sectionText(section: string, names: readonly LeafName[]): string {
  const rows = names.map((name) => {
    const leaf = LEAVES[name];
    const env = 'env' in leaf ? leaf.env : undefined;
    const decided = env === undefined ? '' : ` \`${env}\`, \`--${flagName(env)}\`.`;
    const later = 'live' in leaf && leaf.live === false ? ' *From the next start.*' : '';
    const fallback = leaf.schema.parse(undefined);
    return `| \`${name}\` | ${rangeOf(leaf.schema)} | ${shown(fallback)} | ${`${leaf.doc}${decided}${later}`.replaceAll('|', '\\|')} |`;
  });
  return `## ${section}\n\n| setting | takes | default | |\n|---|---|---|---|\n${rows.join('\n')}`;
}

const shown = (value: unknown): string =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0)
    ? 'none'
    : `\`${String(value)}\``;

/** From the JSON schema of what the setting accepts. */
function rangeOf(schema: z.ZodType): string {
  const told = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    readonly type?: string;
    readonly enum?: readonly string[];
    readonly minimum?: number;
    readonly maximum?: number;
  };
  if (told.enum) return told.enum.map((one) => `\`${one}\``).join(', ');
  if (told.type === 'integer' || told.type === 'number') {
    const whole = told.type === 'integer' ? 'whole number' : 'number';
    return told.minimum === undefined ? whole : `${whole}, ${told.minimum} to ${told.maximum}`;
  }
  if (told.type === 'boolean') return '`true`, `false`';
  return told.type === 'array' ? 'list' : 'text';
}
