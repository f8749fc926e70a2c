/**
 * Which models an account or a client key may serve: patterns in which `*` stands for anything, `!` in front
 * denies, a denial wins over everything, and no pattern at all (or only denials) means every other model.
 */

/** A call that names no model is held back by no pattern: there is nothing to compare. */
export function modelAllowed(patterns: readonly string[], model: string | null): boolean {
  if (patterns.length === 0 || model === null) return true;
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
