/**
 * Comma-separated values as RFC 4180 has them, with the line on which each record begins: quotes around a value
 * that holds a separator, a quote (doubled) or a line end. A byte-order mark and empty lines are passed over.
 */
export interface CsvRecord {
  /** Counted from 1. */
  readonly line: number;
  readonly values: readonly string[];
}

export class CsvFault extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Spreadsheets of half of Europe write semicolons; the first line says which it is. */
export function separatorOf(text: string): ',' | ';' | '\t' {
  const head = text.split(/\r?\n/, 1)[0] ?? '';
  if (head.includes(',')) return ',';
  if (head.includes(';')) return ';';
  return head.includes('\t') ? '\t' : ',';
}

/** Throws `CsvFault` where a quote is not closed or stands in the middle of a value. */
export function readCsv(source: string, recordsMax: number): readonly CsvRecord[] {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  const separator = separatorOf(text);
  const records: CsvRecord[] = [];
  let values: string[] = [];
  let line = 1;
  let begun = 1;
  let at = 0;

  const endRecord = (): void => {
    if (values.some((value) => value.trim() !== '')) {
      if (records.length === recordsMax)
        throw new CsvFault(`more than ${recordsMax} lines with values`, begun);
      records.push({ line: begun, values });
    }
    values = [];
  };

  while (at < text.length) {
    const value = text[at] === '"' ? quoted(text, at, line) : plain(text, at, separator, line);
    values.push(value.text);
    line += value.lineEnds;
    at = value.end;
    const next = text[at];
    if (next === separator) {
      at++;
      // A separator at the very end stands before one more, empty, value.
      if (at === text.length) values.push('');
      continue;
    }
    if (next === '\r') at++;
    if (text[at] === '\n') at++;
    endRecord();
    line++;
    begun = line;
  }
  endRecord();
  return records;
}

interface Value {
  readonly text: string;
  /** Where the separator, the line end or the end of the text is. */
  readonly end: number;
  readonly lineEnds: number;
}

function plain(text: string, from: number, separator: string, line: number): Value {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') {
    if (text[end] === '"') throw new CsvFault('a quote stands in the middle of a value', line);
    end++;
  }
  // A lone carriage return ends a line as well.
  return { text: text.slice(from, end), end, lineEnds: 0 };
}

function quoted(text: string, from: number, line: number): Value {
  const pieces: string[] = [];
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new CsvFault('a quote is not closed', line);
    pieces.push(text.slice(at, quote));
    at = quote + 1;
    if (text[at] !== '"') break;
    pieces.push('"');
    at++;
  }
  const value = pieces.join('');
  if (at < text.length && !/[,;\t\r\n]/.test(text[at] ?? ''))
    throw new CsvFault('something follows a closing quote', line);
  return { text: value, end: at, lineEnds: value.split('\n').length - 1 };
}
