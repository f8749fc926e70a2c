/** A client's configuration as text: how single settings in it are read and changed without touching the rest. */

/** One setting by its place: `['provider', 'openai', 'options', 'baseURL']`. */
export interface PlacedSetting {
  readonly path: readonly string[];
  /** Undefined takes it out. */
  readonly value: unknown;
}

export interface ConfigText {
  /** The value there; undefined where there is none. Throws `client_config_invalid` on what is not in the format. */
  read(text: string, path: readonly string[]): unknown;
  /** The text with these settings changed; comments, order and everything else stay. */
  change(text: string, settings: readonly PlacedSetting[]): string;
}

/** Settings that bring back what was there before others are written over it. */
export function inverseOf(
  format: ConfigText,
  text: string,
  settings: readonly PlacedSetting[],
): PlacedSetting[] {
  return settings.map(({ path }) => {
    // The shortest path that is missing goes out whole, so that no empty tables stay behind.
    for (let length = 1; length < path.length; length++) {
      const above = path.slice(0, length);
      if (format.read(text, above) === undefined) return { path: above, value: undefined };
    }
    return { path, value: format.read(text, path) };
  });
}
