/** Completion scripts: one table of words for each command, in the words of each shell. */
import type { CommandOutline } from './outline.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Place {
  readonly path: string;
  readonly words: readonly string[];
}

export function completionScript(shell: Shell, root: CommandOutline): string {
  const everywhere = [...root.flags.flatMap(({ names }) => names), '--help'];
  const places = placesOf(root, everywhere);
  return { bash, zsh, fish }[shell](places, root);
}

/** Every command that can be typed, aliases too, with what may come behind it. */
function placesOf(outline: CommandOutline, everywhere: readonly string[]): readonly Place[] {
  const own = [
    ...outline.children.flatMap(namesOf),
    ...outline.flags.flatMap(({ names }) => names),
    ...everywhere,
  ];
  const words = [...new Set(own)];
  return [
    { path: outline.path, words },
    ...outline.children.flatMap((child) => [
      ...placesOf(child, everywhere),
      ...(child.alias === null ? [] : placesOf({ ...child, path: child.alias, alias: null }, everywhere)),
    ]),
  ];
}

const namesOf = ({ path, alias }: CommandOutline): string[] => {
  const name = path.slice(path.lastIndexOf(' ') + 1);
  return alias === null ? [name] : [name, alias];
};

const cases = (places: readonly Place[]): string =>
  places.map(({ path, words }) => `    "${path}") candidates="${words.join(' ')}" ;;`).join('\n');

const known = (places: readonly Place[]): string =>
  places
    .filter(({ path }) => path !== '')
    .map(({ path }) => `"${path}"`)
    .join('|');

/**
 * A function that leaves in `candidates` what may come next: of the words typed so far, without flags, the longest that
 * is a command decides. bash and zsh read it alike.
 * @param loop over `at`, the places of those words @param words the shell's list of all
 */
const found = (places: readonly Place[], loop: string, words: string): string => `_cam() {
  local place="" try word candidates="" at
  for ((${loop})); do
    word="\${${words}[at]}"
    try="\${place:+$place }$word"
    case "$try" in
      ${known(places)}) place="$try" ;;
    esac
  done
  case "$place" in
${cases(places)}
  esac`;

const bash = (places: readonly Place[]): string => `# bash completion for cam
${found(places, 'at = 1; at < COMP_CWORD; at++', 'COMP_WORDS')}
  COMPREPLY=($(compgen -W "$candidates" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _cam cam codex-account-manager
`;

const zsh = (places: readonly Place[]): string => `#compdef cam codex-account-manager
${found(places, 'at = 2; at < CURRENT; at++', 'words')}
  compadd -- \${=candidates} || _files
}
if [ "$funcstack[1]" = "_cam" ]; then
  _cam "$@"
else
  compdef _cam cam codex-account-manager
fi
`;

function fish(_places: readonly Place[], root: CommandOutline): string {
  const lines: string[] = ['# fish completion for cam'];
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const condition = (path: string): string =>
    path === ''
      ? '__fish_use_subcommand'
      : path
          .split(' ')
          .map((name) => `__fish_seen_subcommand_from ${name}`)
          .join('; and ');
  const add = (outline: CommandOutline): void => {
    const when = quoted(condition(outline.path));
    if (outline.children.length > 0) lines.push(`complete -c cam -f -n ${when}`);
    for (const child of outline.children)
      for (const name of namesOf(child))
        lines.push(`complete -c cam -n ${when} -a ${name} -d ${quoted(child.what)}`);
    for (const { names, what } of outline.flags) {
      const forms = names.map((name) =>
        name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
      );
      const where = outline.path === '' ? '' : ` -n ${when}`;
      lines.push(`complete -c cam${where} ${forms.join(' ')} -d ${quoted(what)}`);
    }
    for (const child of outline.children) add(child);
  };
  add(root);
  return `${lines.join('\n')}\ncomplete -c codex-account-manager -w cam\n`;
}
