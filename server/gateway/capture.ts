/**
 * What a call said and was answered, kept only where the operator has switched that on, and cut at a size. It looks on:
 * whether a byte reaches the client never depends on it.
 */
import type { RequestId } from '../../lib/base/id.ts';
import type { Config } from '../../lib/config.ts';
import type { ResponseSink } from './values.ts';

export interface CapturedBodies {
  /** Null where the body was streamed through as it came. */
  readonly request: Uint8Array | null;
  readonly requestBytes: number;
  readonly response: Uint8Array;
  readonly responseBytes: number;
}

export interface Captures {
  /** Never throws and waits for nothing: what cannot be kept is lost. */
  keep(id: RequestId, bodies: CapturedBodies): void;
}

export interface Capture {
  /** In the place of the client's own. */
  readonly sink: ResponseSink;
  bodies(): CapturedBodies;
}

/** Null while nothing is to be captured, so that this costs a call nothing. */
export function startCapture(
  sink: ResponseSink,
  body: Uint8Array | null,
  { capture }: Pick<Config, 'capture'>,
): Capture | null {
  if (!capture.enabled) return null;
  const { body_bytes_max: most } = capture;
  const chunks: Uint8Array[] = [];
  let kept = 0;
  let bytes = 0;
  const look = (chunk: Uint8Array): void => {
    bytes += chunk.length;
    if (kept >= most) return;
    const part = chunk.subarray(0, most - kept);
    // The buffer belongs to the socket, which may use it again.
    chunks.push(Uint8Array.from(part));
    kept += part.length;
  };
  return {
    sink: {
      head: (status, headers) => sink.head(status, headers),
      write(chunk) {
        look(chunk);
        return sink.write(chunk);
      },
      onDrain: (resume) => sink.onDrain(resume),
      end(chunk) {
        if (chunk) look(chunk);
        sink.end(chunk);
      },
      break(last) {
        if (last) look(last);
        return sink.break(last);
      },
    },
    bodies: () => ({
      request: body === null ? null : body.subarray(0, most),
      requestBytes: body?.length ?? 0,
      response: Buffer.concat(chunks),
      responseBytes: bytes,
    }),
  };
}
