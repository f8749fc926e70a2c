/** The user's editor on a text: in a file of its own, for the time that it takes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CamError } from '../../lib/errors.ts';

/** @returns the text as it was left. Throws `invalid_request` where there is no editor, or it failed. */
export async function editText(env: NodeJS.ProcessEnv, text: string): Promise<string> {
  const editor = env.VISUAL || env.EDITOR || (process.platform === 'win32' ? 'notepad' : 'vi');
  const folder = mkdtempSync(join(tmpdir(), 'cam-edit-'));
  const file = join(folder, 'config.toml');
  try {
    writeFileSync(file, text, { mode: 0o600 });
    const code = await run(editor, file, env);
    if (code !== 0) {
      throw new CamError(
        'invalid_request',
        `The editor (${editor}) ended with ${code}. Nothing was changed.`,
        {
          hint: 'VISUAL or EDITOR names another one',
        },
      );
    }
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Editors are named with their flags: `code --wait`. */
function run(editor: string, file: string, env: NodeJS.ProcessEnv): Promise<number | null> {
  const [program = editor, ...flags] = editor.split(/\s+/);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...flags, file], { env, stdio: 'inherit' });
    child.once('error', (cause) =>
      reject(
        new CamError('invalid_request', `The editor (${program}) cannot be started. Nothing was changed.`, {
          cause,
          hint: 'VISUAL or EDITOR names another one',
        }),
      ),
    );
    child.once('close', resolve);
  });
}
