import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvFault, readCsv } from '../../../lib/moving/csv.ts';

const read = (text: string) => readCsv(text, 100);

describe('reading CSV', () => {
  it('knows the line on which each record begins, also behind one that spans lines', () => {
    expect(read('name,key\n"a\nb",1\n\nc,2\r\n')).toEqual([
      { line: 1, values: ['name', 'key'] },
      { line: 2, values: ['a\nb', '1'] },
      { line: 5, values: ['c', '2'] },
    ]);
  });

  it('takes separators, quotes and line ends inside quotes as text', () => {
    expect(read('"a,""b""",\n')).toEqual([{ line: 1, values: ['a,"b"', ''] }]);
  });

  it('reads what spreadsheets write: a byte-order mark, semicolons, tabs', () => {
    expect(read('\ufeffname;key\nWork;1')).toMatchObject([
      { values: ['name', 'key'] },
      { values: ['Work', '1'] },
    ]);
    expect(read('name\tkey\nWork\t1')).toMatchObject([{}, { values: ['Work', '1'] }]);
  });

  it.each([
    ['a,"b', 'a quote is not closed', 1],
    ['a\nb"c', 'a quote stands in the middle of a value', 2],
    ['a\n"b"c', 'something follows a closing quote', 2],
  ])('refuses %j with the line', (text, message, line) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ message, line }));
  });

  it('gives back any table that was written by the rules', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', ';', 'ü') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }), (table) => {
        const rows = table.filter((row) => row.some((value) => value.trim() !== ''));
        const text = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
          .join('\n');
        // The first line decides the separator: one that has a comma, which these all do.
        const first = text.split('\n', 1)[0] ?? '';
        fc.pre(rows.length === 0 || first.includes(','));
        expect(read(text).map(({ values }) => values)).toEqual(rows);
      }),
    );
  });

  it('never fails but by saying so', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ';', '\t', '\ufeff') }),
        (text) => {
          try {
            read(text);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(CsvFault);
          }
        },
      ),
    );
  });
});
