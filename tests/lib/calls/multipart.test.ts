import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundaryOf, createFormModelReader } from '../../../lib/calls/multipart.ts';

const encoder = new TextEncoder();
const part = (disposition: string, value: string, end = '\r\n') =>
  `--b${end}Content-Disposition: form-data; ${disposition}${end}${end}${value}${end}`;

function read(text: string, cuts: readonly number[] = []) {
  const bytes = encoder.encode(text);
  const reader = createFormModelReader('b');
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    reader.push(bytes.subarray(at, cut));
    at = Math.max(at, cut);
  }
  reader.push(bytes.subarray(at));
  return { model: reader.model, named: reader.named };
}

describe('a form', () => {
  const file = part(
    'name="file"; filename="a.wav"\r\nContent-Type: audio/wav',
    'RIFF\r\n--not a boundary\n\nx',
  );

  test('tells its model wherever it stands and however it is cut', () => {
    const form = `${file}${part('name="model"', 'gpt-4o-transcribe')}${part('name="language"', 'de')}--b--\r\n`;
    fc.assert(
      fc.property(fc.array(fc.nat(form.length), { maxLength: 8 }), (cuts) => {
        expect(read(form, cuts)).toEqual({ model: 'gpt-4o-transcribe', named: 1 });
      }),
    );
  });

  test.each([
    ['unquoted', part('name=model', 'm')],
    ['in another case and order', part('filename=x; NAME="model"', 'm')],
    ['behind a preamble', `hello\r\n${part('name="model"', 'm')}`],
    ['with bare line feeds', part('name="model"', 'm', '\n')],
    ['on a folded line', '--b\r\nContent-Disposition: form-data;\r\n name="model"\r\n\r\nm\r\n'],
  ])('is understood %s', (_how, form) => {
    expect(read(`${form}--b--\r\n`)).toEqual({ model: 'm', named: 1 });
  });

  test('has no model before its value has ended, nor where none is named', () => {
    expect(read('--b\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt')).toEqual({
      model: null,
      named: 1,
    });
    expect(read(`${file}--b--\r\n`)).toEqual({ model: null, named: 0 });
    expect(read(`${file}--b--\r\n${part('name="model"', 'late')}`)).toEqual({ model: null, named: 0 });
    expect(read('')).toEqual({ model: null, named: 0 });
  });

  test('may be empty, and may be far too long', () => {
    expect(read(`${part('name="model"', '')}--b--\r\n`)).toEqual({ model: '', named: 1 });
    expect(read(`${part('name="model"', 'm'.repeat(5_000))}--b--\r\n`)).toEqual({ model: null, named: 1 });
  });

  test.each([
    ['a second part', part('name="model"', 'other')],
    ['one hidden in a file by bare line feeds', part('name="file"', part('name="model"', 'other', '\n'))],
    ['one whose name is encoded', part("name*=utf-8''model", 'other')],
    ['one whose name has escapes', part('name="mod%65l"', 'other')],
    ['headers without end', `--b\r\nContent-Disposition: form-data; ${'x'.repeat(20_000)}`],
  ])('that could name another model to some server is counted: %s', (_what, more) => {
    expect(read(`${part('name="model"', 'm')}${more}`)).toEqual({ model: 'm', named: 2 });
  });

  test('has its boundary in the content type, quoted or not', () => {
    expect(boundaryOf('multipart/form-data; boundary=b')).toBe('b');
    expect(boundaryOf('multipart/form-data; charset=utf-8; Boundary="a b"')).toBe('a b');
    expect(boundaryOf('multipart/form-data')).toBeNull();
  });
});
