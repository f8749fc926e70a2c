/**
 * Whether a body points at what it does not carry, so that its size says little about its tokens. It looks for the
 * names of fields as bytes and may be wrong in one direction only: a text that spells such a name counts too.
 */
const FILES = ['"file_id"', '"file_ids"', '"file_url"', '"image_url"'] as const;
/** Stored prompts, sound, and tools that the provider runs: they read what nobody here sees. */
const HOSTED = [
  '"prompt"',
  '"input_audio"',
  'web_search',
  'file_search',
  'code_interpreter',
  'computer_use',
  'image_generation',
  '"mcp"',
] as const;
/** A name may be spelled with escapes; whoever does that is not taken at their word. */
const ESCAPED = '\\u00';

/** `Buffer.indexOf` and the like, handed in because bytes are searched by the runtime's own means. */
export type Includes = (text: string) => boolean;

export function refersToFiles(includes: Includes): boolean {
  return FILES.some(includes);
}

/** @returns false only when the body is all that the model will read */
export function mayReadMore(includes: Includes): boolean {
  return refersToFiles(includes) || HOSTED.some(includes) || includes(ESCAPED);
}
