/** Traces in files: read line by line, so that nothing larger than a trace may be is ever held. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { CamError } from '../../lib/errors.ts';
import type { Trace } from '../../lib/routing/simulate/trace.ts';
import { createTraceReader, traceLines } from '../../lib/wire/trace-lines.ts';

const BYTES_MAX = 512 * 1024 * 1024;
const LINES_PER_WRITE = 1_000;

export async function readTraceFile(path: string): Promise<Trace> {
  const found = await stat(path).catch((thrown: unknown) => {
    throw unusable(`There is no trace ${path}.`, thrown);
  });
  if (!found.isFile()) throw unusable(`${path} is not a file.`);
  if (found.size > BYTES_MAX) throw unusable(`${path} is larger than any trace may be (512 MiB).`);
  const reader = createTraceReader();
  const stream = createReadStream(path, 'utf8');
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
      reader.line(line);
  } catch (thrown) {
    if (thrown instanceof CamError) throw thrown;
    throw unusable(`The trace ${path} cannot be read.`, thrown);
  } finally {
    stream.destroy();
  }
  return reader.trace();
}

/** Never over a file that exists. */
export async function writeTraceFile(path: string, trace: Trace): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((thrown: unknown) => {
    const exists = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    throw unusable(exists ? `${path} exists already.` : `${path} cannot be written.`, thrown);
  });
  try {
    let lines: string[] = [];
    const write = async (): Promise<void> => {
      await file.appendFile(`${lines.join('\n')}\n`);
      lines = [];
    };
    for (const line of traceLines(trace)) {
      lines.push(line);
      if (lines.length === LINES_PER_WRITE) await write();
    }
    if (lines.length > 0) await write();
  } finally {
    await file.close();
  }
}

function unusable(message: string, cause?: unknown): CamError {
  return new CamError('invalid_request', message, { cause });
}
