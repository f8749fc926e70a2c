/**
 * Which models an account or a client key may serve: patterns in which `*` stands for anything, `!` in front
 * denies, a denial wins over everything, and no pattern at all (or only denials) means every other model.
 */

/**
 * What lists of patterns were found to say. A list never changes, calls name few models, and with many accounts
 * asking again would be a good part of a plan's cost.
 */
const verdicts = new WeakMap<readonly string[], Map<string, boolean>>();
/** Clients name models as they like: past so many the list starts to forget. */
const VERDICTS_MAX = 64;

/** A call that names no model is held back by no pattern: there is nothing to compare. */
export function modelAllowed(patterns: readonly string[], model: string | null): boolean {
  if (patterns.length === 0 || model === null) return true;
  let known = verdicts.get(patterns);
  if (known === undefined) {
    known = new Map();
    verdicts.set(patterns, known);
  }
  let allowed = known.get(model);
  if (allowed === undefined) {
    allowed = matchAll(patterns, model);
    if (known.size >= VERDICTS_MAX) known.clear();
    known.set(model, allowed);
  }
  return allowed;
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
