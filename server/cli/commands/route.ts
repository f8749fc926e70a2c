/** `cam route --model M`: where a call would go now, and why. Nothing is sent. `--json`: DryRunView. */
import { open } from 'node:fs/promises';
import { readBodyFacts } from '../../../lib/calls/body-facts.ts';
import type { BodyFacts } from '../../../lib/calls/call.ts';
import { CamError } from '../../../lib/errors.ts';
import { formatCountdown } from '../../../lib/format.ts';
import { saySessionSource } from '../../../lib/routing/plan-words.ts';
import type { DryRunView } from '../../../lib/wire/route-views.ts';
import { shortHash } from '../../short-hash.ts';
import type { CommandModule } from '../command.ts';
import { heading, printPlan } from '../plan-text.ts';
import { printFacts } from '../table.ts';
import { printable, type Terminal } from '../terminal.ts';

interface RouteOptions {
  readonly model?: string;
  readonly session?: string;
  readonly input?: string;
  readonly client?: string;
  readonly endpoint: string;
}

export const addRoute: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .option('--dry-run', 'what this command always is: nothing is sent, held or counted')
    .option('-m, --model <model>', 'the model of the call; may stand in the body instead')
    .option('--session <id>', 'a session id, as a client sends it in its header')
    .option('--input <file>', 'a request body; read here, and only what routing looks at is passed on')
    .option('--client <name>', 'the client key whose call it would be')
    .option('--endpoint <name>', 'responses, chat, embeddings, …, or a method and path', 'responses')
    .action(async ({ model, session, input, client, endpoint }: RouteOptions) => {
      const body = input === undefined ? undefined : await readBody(input);
      if (model === undefined && !body?.facts.model && !endpoint.includes('/')) {
        throw new CamError('missing_model', 'Which model?', {
          hint: 'Add --model, or --input with a body that names one.',
        });
      }
      const connection = await connect();
      const answer = await connection.call((api) =>
        api.routing.dryRun.query({
          endpoint,
          ...(model === undefined ? {} : { model }),
          ...(session === undefined ? {} : { session }),
          ...(client === undefined ? {} : { client }),
          ...(body === undefined ? {} : { body }),
        }),
      );
      if (flags().json) terminal.json(answer);
      else tellRoute(terminal, answer);
    });
};

function tellRoute(terminal: Terminal, answer: DryRunView): void {
  const { plan, refusal } = answer;
  terminal.out(printable(sayAnswer(answer)));
  if (refusal) terminal.out(printable(refusal.message));
  if (!answer.live) terminal.say('No server is running: this is how the accounts were last stored.');
  heading(terminal, 'Why');
  const [first] = plan.candidates;
  printPlan(terminal, {
    plan,
    session: answer.sessionHash !== null,
    verdictOf: (id) => (id === first?.accountId && !refusal ? 'now' : ''),
  });
  heading(terminal, 'Read as');
  printFacts(terminal, [
    ['endpoint', answer.endpoint],
    ['model', answer.model ?? 'none'],
    ['client key', answer.clientName ?? 'none in particular'],
    ['session key', saySessionSource(answer.sessionSource)],
    ['its home', homeOf(answer)],
  ]);
}

function sayAnswer({ plan, refusal, network }: DryRunView): string {
  const down = network === 'unreachable' ? ' The network is down: it would be held until it is back.' : '';
  if (refusal) return `It would be refused now: ${refusal.status} ${refusal.code}.${down}`;
  const name = plan.candidates[0]?.name ?? '';
  if (!plan.waitFor) return `It would go to ${name} now.${down}`;
  const home =
    plan.leftOut.find(({ accountId }) => accountId === plan.waitFor?.accountId)?.name ?? 'its home';
  const wait = formatCountdown(plan.waitFor.untilMs - plan.madeAtMs);
  return `It would wait up to ${wait} for ${home}, then go to ${name}.${down}`;
}

function homeOf({ plan }: DryRunView): string {
  if (plan.home === null) return 'none yet';
  const known = [...plan.candidates, ...plan.leftOut].find(({ accountId }) => accountId === plan.home);
  return known?.name ?? 'an account that is no longer here';
}

/** Far more than any server takes; it answers what is too large for it in its own words. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;

async function readBody(file: string): Promise<{ readonly facts: BodyFacts; readonly bytes: number }> {
  const bytes = await readBounded(file);
  const facts = readBodyFacts(bytes, shortHash);
  if (!('error' in facts)) return { facts, bytes: bytes.length };
  const what = facts.error === 'not_json' ? 'is not valid JSON' : 'is JSON, but not an object';
  throw new CamError('invalid_json', `${file} ${what}.`, { param: 'input' });
}

async function readBounded(file: string): Promise<Uint8Array> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > FILE_BYTES_MAX) throw new CamError('body_too_large', `${file} is larger than 256 MiB.`);
    return await handle.readFile();
  } catch (thrown) {
    if (thrown instanceof CamError) throw thrown;
    const why = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
    throw new CamError('invalid_request', `${file} cannot be read (${why}).`, {
      param: 'input',
      cause: thrown,
    });
  }
}
