/** The surfaces without a stream: embeddings, images, models. Vectors follow from the text alone. */
import { createHash } from 'node:crypto';
import type { JsonObject } from './ask.ts';
import { tokensOf } from './organisations.ts';

/** A transparent picture of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const DIMENSIONS_MAX = 3_072;

export function embeddingsJson(body: JsonObject): object {
  const inputs = Array.isArray(body.input) ? body.input : [body.input];
  const dimensions = Math.min(typeof body.dimensions === 'number' ? body.dimensions : 1_536, DIMENSIONS_MAX);
  const tokens = tokensOf(JSON.stringify(body.input ?? '').length);
  return {
    object: 'list',
    data: inputs.map((input, index) => {
      const vector = vectorOf(JSON.stringify(input ?? ''), dimensions);
      const embedding =
        body.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
      return { object: 'embedding', index, embedding };
    }),
    model: body.model ?? 'text-embedding-3-small',
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function vectorOf(text: string, dimensions: number): Float32Array {
  const digest = createHash('sha512').update(text).digest();
  const vector = Float32Array.from({ length: dimensions }, (_, i) => (digest[(i * 7) % 64] ?? 0) / 127.5 - 1);
  const norm = Math.hypot(...vector) || 1;
  return vector.map((value) => value / norm);
}

export function imagesJson(body: JsonObject, nowS: number): object {
  const count = Math.min(typeof body.n === 'number' ? body.n : 1, 10);
  const text = tokensOf(JSON.stringify(body.prompt ?? '').length);
  const output = 1_056 * count;
  return {
    created: nowS,
    background: 'opaque',
    output_format: 'png',
    quality: 'medium',
    size: '1024x1024',
    data: Array.from({ length: count }, () => ({ b64_json: PIXEL })),
    usage: {
      input_tokens: text,
      input_tokens_details: { image_tokens: 0, text_tokens: text },
      output_tokens: output,
      total_tokens: text + output,
    },
  };
}

export function modelsJson(models: readonly string[], nowS: number): object {
  return { object: 'list', data: models.map((id) => modelJson(id, nowS)) };
}

export function modelJson(id: string, nowS: number): object {
  return { id, object: 'model', created: nowS, owned_by: 'openai' };
}
