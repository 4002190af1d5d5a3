import { Problem } from '../../platform/http/index.ts';

/** SQLSTATE unique_violation and foreign_key_violation. */
const unique = '23505';
const foreignKey = '23503';

/** What to say when a change breaks a constraint of the database, by the constraint's name. */
export type Refusals = Readonly<Record<string, () => Problem>>;

/** Runs a change; what the database refuses is told in words. */
export async function refusing<T>(refusals: Refusals, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    const { code, constraint = '' } = error as { code?: string; constraint?: string };
    const refusal = code === unique || code === foreignKey ? refusals[constraint] : undefined;
    throw refusal === undefined ? error : refusal();
  }
}

export const conflict = (reason: string) => (): Problem => new Problem('conflict', { reason });
export const missing = (what: string) => (): Problem => new Problem('not-found', { what });
