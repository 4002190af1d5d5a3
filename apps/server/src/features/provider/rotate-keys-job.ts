import { z } from 'zod';
import { defineJob, type JobDefinition } from '../../platform/jobs/index.ts';
import type { EmbeddedProvider } from './embedded-provider.ts';

/** Replaces the keys that the embedded provider signs with when they are old. */
export const rotateKeysJob = (embedded: EmbeddedProvider): JobDefinition<Record<string, never>> =>
  defineJob({
    kind: 'identity.rotate-keys',
    title: 'Replace old signing keys',
    input: z.record(z.string(), z.never()),
    schedule: { cron: '17 3 * * *', input: {} },
    run: () => embedded.rotateKeys(false),
  });
