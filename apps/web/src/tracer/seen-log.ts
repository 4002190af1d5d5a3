import type { Seen } from './verify-checkpoint.ts';

const name = 'isocenter.log';

/** What this browser last saw of the log; undefined the first time, and where it keeps nothing. */
export function seenLog(): Seen | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? 'null') as Partial<Seen> | null;
    if (typeof kept?.key !== 'string' || typeof kept.checkpoint !== 'string' || typeof kept.at !== 'string')
      return undefined;
    return { key: kept.key, checkpoint: kept.checkpoint, at: kept.at };
  } catch {
    return undefined;
  }
}

export function rememberLog(seen: Seen): void {
  try {
    localStorage.setItem(name, JSON.stringify(seen));
  } catch {
    // A browser that keeps nothing verifies all the same, but can't tell that history was rewritten.
  }
}
