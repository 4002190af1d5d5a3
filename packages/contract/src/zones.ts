import { z } from 'zod';

/** Where data stands between arrival and publication; it says how identifying the data is. */
export const ZONES = ['landing', 'staging', 'repository'] as const;

export const Zone = z
  .enum(ZONES)
  .meta({ id: 'Zone', description: 'landing: identified, staging: pseudonymised, repository: anonymised' });
export type Zone = z.infer<typeof Zone>;
