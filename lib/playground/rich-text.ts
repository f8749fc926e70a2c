/**
 * The little of Markdown that makes an answer readable while it is still being written: fenced code and code in a
 * line. Everything else stays the text that it is, so nothing a model writes can become markup, a link or a picture.
 */
export type Block =
  | { readonly kind: 'text'; readonly spans: readonly Span[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };
export interface Span {
  readonly code: boolean;
  readonly text: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`\s]*)[^`]*$/;

/** A fence that is not closed yet is code up to the end: it is being written. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let fence: { readonly mark: string; readonly language: string } | null = null;
  const close = (): void => {
    if (fence !== null) blocks.push({ kind: 'code', language: fence.language, text: lines.join('\n') });
    else for (const paragraph of paragraphs(lines)) blocks.push({ kind: 'text', spans: spansOf(paragraph) });
    lines = [];
  };
  for (const line of text.split('\n')) {
    const [, mark, language = ''] = FENCE.exec(line) ?? [];
    if (fence === null && mark !== undefined) {
      close();
      fence = { mark, language };
    } else if (fence !== null && mark?.startsWith(fence.mark) && language === '') {
      close();
      fence = null;
    } else lines.push(line);
  }
  if (lines.length > 0 || fence !== null) close();
  return blocks;
}

function paragraphs(lines: readonly string[]): readonly string[] {
  return lines
    .join('\n')
    .split(/\n{2,}/)
    .map((part) => part.replace(/^\n+|\n+$/g, ''))
    .filter((part) => part.trim() !== '');
}

function spansOf(text: string): readonly Span[] {
  return text
    .split(/(`[^`\n]+`)/)
    .filter((part) => part !== '')
    .map((part) =>
      part.length > 2 && part.startsWith('`') && part.endsWith('`')
        ? { code: true, text: part.slice(1, -1) }
        : { code: false, text: part },
    );
}
