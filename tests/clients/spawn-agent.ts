/**
 * Runs one real coding agent headless and offline in a home of its own, with a deadline, and gives back what a
 * person would have seen.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface AgentRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** `performance.now()` when it was started. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** Milliseconds from the start until `text` was first seen in the output; null when it never was. */
  seenAfterMs(text: string): number | null;
}

export interface AgentOptions {
  /** An empty folder that the agent may fill. */
  readonly home: string;
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  readonly key: string;
  readonly prompt: string;
  readonly model?: string;
  readonly timeoutMs?: number;
  /** Ends the agent early, as soon as its output holds this text. */
  readonly stopAt?: string;
  /** Ends the agent when it is aborted. */
  readonly signal?: AbortSignal;
  /** Continue the newest session of this home. */
  readonly resume?: boolean;
}

export type Agent = (options: AgentOptions) => Promise<AgentRun>;

const OUTPUT_BYTES_MAX = 8_388_608;
const TIMEOUT_MS = 120_000;
const require = createRequire(import.meta.url);

/** The binary out of the platform's npm package: no postinstall script has to run. */
export function openCodeBinary(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = dirname(require.resolve(`opencode-${platform}-${process.arch}/package.json`));
  return join(folder, 'bin', process.platform === 'win32' ? 'opencode.exe' : 'opencode');
}

export function codexScript(): string {
  return join(dirname(require.resolve('@openai/codex/package.json')), 'bin', 'codex.js');
}

/** How OpenCode is told where to ask, and for which model. */
export interface OpenCodeSetUp {
  readonly model: string;
  environment(at: Pick<AgentOptions, 'baseUrl' | 'key'>): Record<string, string>;
}

/** OpenCode's built-in `openai` provider, set up by the two environment variables we recommend. */
export const RESPONSES: OpenCodeSetUp = {
  model: 'openai/gpt-5',
  environment: ({ baseUrl, key }) => ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl }),
};

/** OpenCode through `@ai-sdk/openai-compatible`, which speaks chat completions. */
export const CHAT: OpenCodeSetUp = {
  model: 'cam/gpt-5',
  environment({ baseUrl, key }) {
    const provider = {
      npm: '@ai-sdk/openai-compatible',
      name: 'Codex Account Manager',
      options: { baseURL: baseUrl, apiKey: key },
      models: { 'gpt-5': { name: 'GPT-5' }, 'gpt-5-mini': { name: 'GPT-5 mini' } },
    };
    const config = { provider: { cam: provider }, model: 'cam/gpt-5', small_model: 'cam/gpt-5-mini' };
    return { OPENCODE_CONFIG_CONTENT: JSON.stringify(config) };
  },
};

const openCodeBy =
  (setUp: OpenCodeSetUp): Agent =>
  (options) => {
    const args = ['run', '--format', 'json', '-m', options.model ?? setUp.model];
    if (options.resume === true) args.push('--continue');
    return run(openCodeBinary(), [...args, options.prompt], options, {
      ...openCodeEnvironment(options.home),
      ...setUp.environment(options),
    });
  };

export const openCode = openCodeBy(RESPONSES);
export const openCodeChat = openCodeBy(CHAT);

export function openCodeEnvironment(home: string): Record<string, string> {
  return {
    HOME: home,
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_SHARE: '1',
    OPENCODE_PERMISSION: '{"*":"allow"}',
    npm_config_registry: 'http://127.0.0.1:9/',
    // What OpenCode tries to install at its first start fails at once, not after npm's 10 and 60 seconds.
    npm_config_fetch_retries: '0',
  };
}

/** Codex through the provider block that we recommend for its `config.toml`. */
export const codex: Agent = async (options) => {
  await mkdir(options.home, { recursive: true });
  const config = `model = ${JSON.stringify(options.model ?? 'gpt-5.5')}
model_provider = "cam"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.cam]
name = "Codex Account Manager"
base_url = ${JSON.stringify(options.baseUrl)}
env_key = "OPENAI_API_KEY"
wire_api = "responses"
`;
  await writeFile(join(options.home, 'config.toml'), config);
  const flags = ['--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--json'];
  const args = options.resume === true ? ['exec', 'resume', '--last', ...flags] : ['exec', ...flags];
  return run(process.execPath, [codexScript(), ...args, options.prompt], options, {
    HOME: options.home,
    CODEX_HOME: options.home,
    OPENAI_API_KEY: options.key,
    TERM: 'dumb',
  });
};

/** Runs any program in a home, with nothing of our own environment but the path. */
export async function run(
  command: string,
  args: readonly string[],
  options: Pick<AgentOptions, 'home' | 'timeoutMs' | 'stopAt' | 'signal'>,
  environment: Record<string, string>,
): Promise<AgentRun> {
  const work = join(options.home, 'work');
  await mkdir(work, { recursive: true });
  const startedMs = performance.now();
  const child = spawn(command, args, {
    cwd: work,
    env: { NODE_ENV: 'production', PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const output = { stdout: '', stderr: '' };
  const arrivals: { readonly atMs: number; readonly end: number; readonly from: 'stdout' | 'stderr' }[] = [];
  const end = () => endGroup(child.pid);
  const deadline = setTimeout(end, options.timeoutMs ?? TIMEOUT_MS);
  options.signal?.addEventListener('abort', end, { once: true });
  for (const from of ['stdout', 'stderr'] as const) {
    child[from].setEncoding('utf8').on('data', (text: string) => {
      if (output[from].length < OUTPUT_BYTES_MAX) output[from] += text;
      arrivals.push({ atMs: performance.now() - startedMs, end: output[from].length, from });
      if (options.stopAt !== undefined && output[from].includes(options.stopAt)) end();
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(deadline);
  return {
    ...output,
    code,
    startedMs,
    durationMs: performance.now() - startedMs,
    seenAfterMs(text) {
      const seen = arrivals.find(({ end: length, from }) => output[from].slice(0, length).includes(text));
      return seen === undefined ? null : Math.round(seen.atMs);
    },
  };
}

/** The agent and the processes it has started, and nothing else. */
export function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
