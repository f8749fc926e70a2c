/**
 * The only programs that the server starts: the command of `[alerts]` in the configuration file, and the desktop's own
 * way to show a notification. No shell, fixed arguments, a clean environment, ten seconds.
 */
import { spawn } from 'node:child_process';

export interface AlertPrograms {
  /** Null when it ended well; else why not. Never rejects. @param input on its standard input */
  run(argv: readonly string[], input: string): Promise<string | null>;
  /** Null when it was shown; else why not. */
  notify(title: string, text: string): Promise<string | null>;
}

const TOTAL_MS = 10_000;
const TEXT_MAX = 300;
/** What a program needs to find others and its home, and a notification its desktop; nothing of ours. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
];

export function createAlertPrograms(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  totalMs = TOTAL_MS,
): AlertPrograms {
  const clean = Object.fromEntries(
    PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  const run = (argv: readonly string[], input: string): Promise<string | null> => {
    const [program, ...args] = argv;
    if (program === undefined) return Promise.resolve('No program is configured.');
    return new Promise((resolve) => {
      const child = spawn(program, args, {
        env: clean as NodeJS.ProcessEnv,
        cwd: '/',
        shell: false,
        stdio: ['pipe', 'ignore', 'ignore'],
        timeout: totalMs,
        killSignal: 'SIGKILL',
      });
      child.on('error', (error) =>
        resolve(`It could not be started (${Reflect.get(error, 'code') ?? 'error'}).`),
      );
      child.on('close', (code, signal) => resolve(outcome(code, signal)));
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });
  };
  return {
    run,
    notify(title, text) {
      const argv = notification(platform, title.slice(0, TEXT_MAX), text.slice(0, TEXT_MAX));
      return argv === null ? Promise.resolve('This system shows no notifications.') : run(argv, '');
    },
  };
}

function outcome(code: number | null, signal: NodeJS.Signals | null): string | null {
  if (code === 0) return null;
  return signal === null ? `It ended with ${code}.` : 'It took too long and was ended.';
}

/** The texts are arguments of their own: neither a shell nor AppleScript reads them as code. */
function notification(platform: NodeJS.Platform, title: string, text: string): readonly string[] | null {
  if (platform === 'linux')
    return ['/usr/bin/notify-send', '--app-name=Codex Account Manager', '--', title, text];
  if (platform !== 'darwin') return null;
  const script = 'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run';
  return ['/usr/bin/osascript', '-e', script, title, text];
}
