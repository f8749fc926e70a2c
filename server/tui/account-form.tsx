/** Adding an account, or changing one: a field a line, what is wrong with it beside it. */
import { Box, Text, usePaste } from 'ink';
import { fromDollars, NANO_PER_DOLLAR } from '../../lib/base/money.ts';
import { Secret } from '../../lib/base/secret.ts';
import type { AccountView } from '../../lib/wire/account-views.ts';
import { words } from '../cli/account-options.ts';
import { adminError } from '../cli/client.ts';
import type { AccountInput, Act } from './acts.ts';
import { type Line, lineOf, pressed, textOf, typed } from './line-edit.ts';
import { paintOf } from './parts.tsx';
import { TextField } from './text-field.tsx';
import { useHeld } from './use-held.ts';
import { useKeys } from './use-keys.ts';

type FieldName =
  | 'name'
  | 'key'
  | 'baseUrl'
  | 'local'
  | 'organizationId'
  | 'projectId'
  | 'models'
  | 'priority'
  | 'weight'
  | 'day'
  | 'month';
type Values = Readonly<Record<FieldName, Line>>;
interface FormState {
  readonly values: Values;
  /** Which field. */
  readonly at: number;
  readonly faults: Faults;
  readonly problem: string | null;
  readonly busy: boolean;
}
type Faults = Readonly<Partial<Record<FieldName, string>>>;

const ALL_FIELDS: readonly (readonly [FieldName, string, string])[] = [
  ['name', 'Name', 'what you call it'],
  ['key', 'Key', 'sk-…, pasted or typed; it is never shown'],
  ['baseUrl', 'Base URL', 'only for another provider than OpenAI'],
  ['local', 'On this network', 'y where that address is on this computer or network'],
  ['organizationId', 'Organization', 'org-…, only where the key has several'],
  ['projectId', 'Project', 'proj_…'],
  ['models', 'Models', 'gpt-*, !gpt-4*; empty for all'],
  ['priority', 'Priority', 'lower is asked first'],
  ['weight', 'Weight', 'its share in turns'],
  ['day', 'Dollars a day', 'empty for no limit'],
  ['month', 'Dollars a month', 'empty for no limit'],
];
/** Where an account is changes with its key and the master key only: `cam edit` asks for both. */
const FIELDS_OF_OLD = ALL_FIELDS.filter(([name]) => name !== 'baseUrl' && name !== 'local');
const LABEL = 17;

export function AccountForm(props: {
  account: AccountView | null;
  act: Act;
  columns: number;
  onDone: (message: string) => void;
  onCancel: () => void;
}) {
  const { account, act, columns } = props;
  const fields = account === null ? ALL_FIELDS : FIELDS_OF_OLD;
  const { now, set } = useHeld<FormState>(() => ({
    values: startOf(account),
    at: 0,
    faults: {},
    problem: null,
    busy: false,
  }));
  const { values, at, faults, problem, busy } = now();
  const fieldNow = (): FieldName => fields[now().at]?.[0] ?? 'name';
  const put = (line: Line): void => {
    const field = fieldNow();
    const { [field]: _mended, ...others } = now().faults;
    set({ values: { ...now().values, [field]: line }, faults: others });
  };

  const submit = async (): Promise<void> => {
    const { values: filled } = now();
    const found = faultsIn(filled, account === null);
    set({ faults: found });
    const [first] = fields.flatMap(([name], n) => (found[name] === undefined ? [] : [n]));
    if (first !== undefined) {
      set({ at: first });
      return;
    }
    set({ busy: true, problem: null });
    try {
      const input = inputOf(filled, account);
      props.onDone(account === null ? await act.add(input) : await act.edit(account.id, input));
    } catch (thrown) {
      const { message, hint } = adminError(thrown);
      set({ problem: hint ? `${message} ${hint}` : message, busy: false });
    }
  };

  useKeys((input, key) => {
    const { at: row, busy: asking, values: filled } = now();
    const count = fields.length;
    if (key.escape) props.onCancel();
    else if (asking) return;
    else if ((key.ctrl && input === 's') || (key.return && row === count - 1)) void submit();
    else if (key.downArrow || key.return || (key.tab && !key.shift)) set({ at: (row + 1) % count });
    else if (key.upArrow || key.tab) set({ at: (row + count - 1) % count });
    else {
      const line = pressed(filled[fieldNow()], input, key);
      if (line !== null) put(line);
    }
  });
  usePaste((text) => put(typed(now().values[fieldNow()], text.trim())));

  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} flexGrow={1} overflow="hidden">
      <Text bold>{account === null ? 'Add an account' : `Change ${account.name}`}</Text>
      <Text> </Text>
      {fields.map(([name, label, hint], n) => (
        <Box key={name} height={1} flexShrink={0} overflow="hidden">
          <Box width={LABEL + 2} flexShrink={0}>
            <Text bold={n === at}>{`${n === at ? '▸' : ' '} ${label}`}</Text>
          </Box>
          <TextField
            line={values[name]}
            active={n === at && !busy}
            masked={name === 'key'}
            width={Math.max(12, Math.min(48, columns - LABEL - 36))}
          />
          <Text wrap="truncate" {...paintOf(faults[name] === undefined ? 'dim' : 'bad')}>
            {`  ${faults[name] ?? (n === at ? hintFor(name, hint, account) : '')}`}
          </Text>
        </Box>
      ))}
      <Text> </Text>
      {problem !== null && <Text {...paintOf('bad')}>{problem}</Text>}
      <Text dimColor>
        {busy ? 'Asking the provider…' : 'ctrl-s or enter on the last line saves · tab moves · esc leaves'}
      </Text>
    </Box>
  );
}

const hintFor = (name: FieldName, hint: string, account: AccountView | null): string =>
  name === 'key' && account !== null ? 'empty keeps the one it has' : hint;

function startOf(account: AccountView | null): Values {
  const money = (nano: number | undefined): Line =>
    lineOf(nano === undefined ? '' : String(nano / NANO_PER_DOLLAR));
  return {
    name: lineOf(account?.name ?? ''),
    key: lineOf(''),
    baseUrl: lineOf(''),
    local: lineOf(''),
    organizationId: lineOf(account?.organizationId ?? ''),
    projectId: lineOf(account?.projectId ?? ''),
    models: lineOf(account?.models.join(', ') ?? ''),
    priority: lineOf(String(account?.priority ?? 100)),
    weight: lineOf(String(account?.weight ?? 1)),
    day: money(account?.limits.day?.cost),
    month: money(account?.limits.month?.cost),
  };
}

function faultsIn(values: Values, isNew: boolean): Faults {
  const text = (name: FieldName): string => textOf(values[name]).trim();
  const number = (name: FieldName, least: number, most: number): string | undefined => {
    const value = Number(text(name));
    return text(name) !== '' && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `a whole number from ${least} to ${most}`;
  };
  const dollars = (name: FieldName): string | undefined => {
    const value = Number(text(name).replaceAll(/[$,]/g, ''));
    return text(name) === '' || value > 0 ? undefined : 'an amount such as 25, or nothing';
  };
  const found: Readonly<Partial<Record<FieldName, string | undefined>>> = {
    name:
      text('name') === ''
        ? 'it needs a name'
        : text('name').length > 80
          ? '80 characters at most'
          : undefined,
    key: isNew && text('key') === '' ? 'it needs a key' : undefined,
    local: /^(y|n|yes|no|)$/i.test(text('local')) ? undefined : 'y or n',
    priority: number('priority', 0, 1_000),
    weight: number('weight', 1, 100),
    day: dollars('day'),
    month: dollars('month'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, fault]) => fault !== undefined)) as Faults;
}

function inputOf(values: Values, account: AccountView | null): AccountInput {
  const text = (name: FieldName): string => textOf(values[name]).trim();
  const limits = (window: 'day' | 'month') => {
    const { cost: _before, ...others } = account?.limits[window] ?? {};
    const dollars = text(window).replaceAll(/[$,]/g, '');
    const all = dollars === '' ? others : { ...others, cost: fromDollars(Number(dollars)) };
    return Object.keys(all).length === 0 ? {} : { [window]: all };
  };
  return {
    name: text('name'),
    key: text('key') === '' ? null : new Secret(text('key')),
    baseUrl: text('baseUrl') || null,
    allowLocal: /^y/i.test(text('local')),
    organizationId: text('organizationId') || null,
    projectId: text('projectId') || null,
    models: words(text('models')),
    priority: Number(text('priority')),
    weight: Number(text('weight')),
    limits: { ...limits('day'), ...limits('month') },
  };
}
