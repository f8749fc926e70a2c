/** A small answer, whole: for questions of our own to a provider. Bounded in bytes; what is larger is cut off. */
import { asCamError } from '../../lib/errors.ts';
import type { Dial, DialRequest, ResponseHeaders } from './dial.ts';
import type { TransportFailure } from './dial-failure.ts';

export interface Fetched {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
}

const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** Never rejects. */
export function fetchWhole(
  dial: Dial,
  request: DialRequest,
  signal?: AbortSignal,
): Promise<Fetched | TransportFailure> {
  return new Promise((resolve) => {
    let status = 0;
    let headers: ResponseHeaders = {};
    const chunks: Buffer[] = [];
    let bytes = 0;
    const gone: TransportFailure = { code: 'CAM_ABORTED', sent: false, answered: false };
    if (signal?.aborted) return resolve(gone);
    const onAbort = (): void => {
      control?.abort();
      resolve(gone);
    };
    const settle = (result: Fetched | TransportFailure): void => {
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    let control: { abort(): void } | null = null;
    try {
      control = dial(request, {
        head(answered, answeredHeaders) {
          status = answered;
          headers = answeredHeaders;
        },
        data(chunk) {
          bytes += chunk.length;
          if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
        },
        end: () => settle({ status, headers, body: Buffer.concat(chunks) }),
        fail: settle,
      });
    } catch (thrown) {
      return settle({ code: `CAM_${asCamError(thrown).code.toUpperCase()}`, sent: false, answered: false });
    }
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
