/** Which model a snippet names when nobody chose: the one that most accounts serve, a coding one if there is one. */
export interface ModelOption {
  readonly id: string;
  readonly accounts: readonly string[];
}

const FALLBACK = 'gpt-5.5';
const NOT_FOR_TALKING =
  /embedding|whisper|tts|dall-e|image|audio|realtime|moderation|transcribe|search|sora|babbage|davinci/;
const SMALL = /nano|mini|luna/;

export function talkingModels(models: readonly ModelOption[]): readonly ModelOption[] {
  return models.filter(({ id }) => !NOT_FOR_TALKING.test(id));
}

export function preferredModel(models: readonly ModelOption[]): string {
  const talking = talkingModels(models);
  if (talking.some(({ id }) => id === FALLBACK)) return FALLBACK;
  const rank = ({ id, accounts }: ModelOption) => accounts.length * 4 + (SMALL.test(id) ? 0 : 2);
  const [best] = [...talking].sort((a, b) => rank(b) - rank(a) || b.id.localeCompare(a.id));
  return best?.id ?? FALLBACK;
}
