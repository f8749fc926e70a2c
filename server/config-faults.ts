/**
 * What can be wrong with a setting, said in a way that mends it: all faults at once, each with its place, and a
 * guess at what a misspelt name was meant to be.
 */
import { LEAVES } from '../lib/config.ts';
import { CamError } from '../lib/errors.ts';

export interface ConfigFault {
  /** `config.toml:12`, `CAM_PORT` or `--port`. */
  readonly where: string;
  /** The setting, e.g. `server.port`; or the unknown name. */
  readonly name: string;
  readonly message: string;
  readonly didYouMean: string | null;
}

export function configError(faults: readonly ConfigFault[]): CamError {
  const lines = faults.map(
    ({ where, name, message, didYouMean }) =>
      `${where}: ${name}: ${message}${didYouMean ? ` Did you mean ${didYouMean}?` : ''}`,
  );
  const head = faults.length === 1 ? 'One setting is wrong.' : `${faults.length} settings are wrong.`;
  return new CamError('config_invalid', [head, ...lines].join('\n'), { details: { faults } });
}

const FAR = 4;

/** The known setting nearest to a name, if any is near enough to be what was meant. */
export function nearestLeaf(name: string): string | null {
  const wanted = name.toLowerCase().replaceAll('-', '_');
  let best: string | null = null;
  let bestDistance = FAR;
  for (const candidate of Object.keys(LEAVES)) {
    // Somebody who left the section out, or put the setting into the wrong one, got the last part right.
    const sameKey = lastPart(candidate) === lastPart(wanted);
    const distance = sameKey ? 1 : editDistance(wanted, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Levenshtein distance; names that differ in length by `far` or more are not worth the work. */
function editDistance(a: string, b: string, far: number): number {
  if (Math.abs(a.length - b.length) >= far) return far;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substituted = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? far;
}
