/**
 * Which models an account or a client key may serve: patterns in which `*` stands for anything, `!` in front
 * denies, a denial wins over everything, and no pattern at all (or only denials) means every other model.
 */

/** Clients name models as they like: past so many a scope starts to forget. */
const VERDICTS_MAX = 64;

/**
 * What a list of patterns says, remembered: calls name few models, mostly the same one again, and with many accounts
 * asking anew would be a good part of a plan's cost.
 */
export class ModelScope {
  readonly #patterns: readonly string[];
  readonly #verdicts = new Map<string, boolean>();
  #lastModel: string | null = null;
  #lastVerdict = true;

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
  }

  /** A call that names no model is held back by no pattern: there is nothing to compare. */
  allows(model: string | null): boolean {
    if (model === null) return true;
    if (model !== this.#lastModel) {
      this.#lastVerdict = this.#verdict(model);
      this.#lastModel = model;
    }
    return this.#lastVerdict;
  }

  #verdict(model: string): boolean {
    const known = this.#verdicts.get(model);
    if (known !== undefined) return known;
    const verdict = matchAll(this.#patterns, model);
    if (this.#verdicts.size >= VERDICTS_MAX) this.#verdicts.clear();
    this.#verdicts.set(model, verdict);
    return verdict;
  }
}

/** A list never changes. */
const scopes = new WeakMap<readonly string[], ModelScope>();

/** Null for a list without patterns, which holds nothing back. */
export function modelScopeOf(patterns: readonly string[]): ModelScope | null {
  if (patterns.length === 0) return null;
  let scope = scopes.get(patterns);
  if (scope === undefined) {
    scope = new ModelScope(patterns);
    scopes.set(patterns, scope);
  }
  return scope;
}

export function modelAllowed(patterns: readonly string[], model: string | null): boolean {
  return modelScopeOf(patterns)?.allows(model) ?? true;
}

function matchAll(patterns: readonly string[], model: string): boolean {
  let allowed = false;
  let anyAllow = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matches(pattern.slice(1), model)) return false;
    } else {
      anyAllow = true;
      allowed ||= matches(pattern, model);
    }
  }
  return allowed || !anyAllow;
}

/** Without regular expressions, so that no pattern can be slow: each `*` takes the nearest continuation. */
function matches(pattern: string, model: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return pattern === model;
  if (!model.startsWith(first)) return false;
  let at = first.length;
  for (let i = 1; i < parts.length - 1; i++) {
    const part = parts[i] ?? '';
    const found = model.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts[parts.length - 1] ?? '';
  return model.length - at >= last.length && model.endsWith(last);
}
