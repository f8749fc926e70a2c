/** Files between the browser and the admin API, which speaks JSON: base64 both ways. */
const AGE = /^\s*(?:age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----)/;
const PIECE_BYTES = 32_768;

export interface ChosenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly kind: 'export' | 'csv' | 'json';
  /** How an export is to be opened. */
  readonly opensWith: 'passphrase' | 'identity';
}

export async function readChosen(file: File): Promise<ChosenFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const start = asText(bytes.subarray(0, 400));
  const kind = AGE.test(start) ? 'export' : /^\ufeff?\s*[[{]/.test(start) ? 'json' : 'csv';
  return {
    name: file.name,
    bytes,
    kind,
    opensWith: headOf(start).includes('-> scrypt ') ? 'passphrase' : 'identity',
  };
}

/** An armoured file shows its head only when it is decoded. */
function headOf(start: string): string {
  if (!start.trimStart().startsWith('-----')) return start;
  const lines = start.trim().split(/\r?\n/).slice(1, 4).join('');
  try {
    return atob(lines.slice(0, Math.floor(lines.length / 4) * 4));
  } catch {
    return '';
  }
}

export const asText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES));
  return btoa(text);
}

export function saveBase64(name: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  saveFile(name, bytes, 'application/octet-stream');
}

export function saveFile(name: string, bytes: Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
