import { z } from 'zod';

/** One row of the error catalogue. */
export interface ErrorDefinition<S extends z.ZodType = z.ZodType> {
  readonly status: number;
  /** The kind of problem, the same for every occurrence. */
  readonly title: string;
  /** What may be told about this occurrence; nothing else leaves the server. Never patient data. */
  readonly params: S;
  readonly text: (params: z.output<S>) => string;
  /** What the reader can do about it. */
  readonly remedy: string;
}

export function defineError<S extends z.ZodType>(definition: ErrorDefinition<S>): ErrorDefinition<S> {
  return definition;
}

export const none = z.strictObject({});
