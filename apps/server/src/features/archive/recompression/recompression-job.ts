import { z } from 'zod';
import { defineJob, type JobDefinition } from '../../../platform/jobs/index.ts';
import { type RecompressionParts, recompress } from './recompress.ts';
import { candidates, originalRemoved, removableOriginals } from './recompression-store.ts';

const ROUND = 100;
/** Whoever reads an original when its container is recorded has this long to finish. */
const GRACE_MINUTES = 15;

/** The object store under the one that makes originals again: here originals are really removed. */
export interface RecompressionJobParts extends RecompressionParts {
  readonly enabled: boolean;
}

/** Recompresses what has arrived, at night; also begun by hand. Ends early and goes on the next time when cancelled. */
export const recompressionJob = (parts: RecompressionJobParts): JobDefinition<Record<string, never>> =>
  defineJob({
    kind: 'archive.recompress',
    title: 'Compress stored images without loss',
    input: z.strictObject({}),
    ...(parts.enabled && { schedule: { cron: '0 1 * * *', input: {} } }),
    timeLimitSeconds: 24 * 3600,
    run: async ({ signal, progress, log }) => {
      let [looked, compressed, saved, after] = [0, 0, 0, 0];
      for (;;) {
        const found = await candidates(parts.pool, after, ROUND);
        for (const candidate of found) {
          signal.throwIfAborted();
          try {
            const gained = await recompress(parts, candidate, signal);
            saved += gained;
            if (gained > 0) compressed++;
          } catch (error) {
            if (signal.aborted) throw error;
            log.warn(
              { err: error, sha256: candidate.sha256 },
              'an object could not be recompressed and stays as it is',
            );
          }
          after = candidate.instanceId;
          progress(++looked, null, `${compressed} compressed, ${Math.round(saved / 1e6)} MB saved`);
        }
        if (found.length < ROUND) break;
      }
      return { looked, compressed, savedBytes: saved, originalsRemoved: await removeOriginals(parts, signal) };
    },
  });

/** Originals whose container is proven and has been there for a while. */
export async function removeOriginals(
  { pool, objects }: RecompressionParts,
  signal: AbortSignal,
  graceMinutes = GRACE_MINUTES,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const found = await removableOriginals(pool, graceMinutes, ROUND);
    for (const sha256 of found) {
      signal.throwIfAborted();
      await objects.delete(sha256);
      await originalRemoved(pool, sha256);
      removed++;
    }
    if (found.length < ROUND) return removed;
  }
}
