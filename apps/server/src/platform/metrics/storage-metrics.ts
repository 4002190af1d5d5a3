import type { StorageObserver } from '../storage/index.ts';
import type { Metrics } from './metrics.ts';

/** Counts what the storage does, by operation and outcome. */
export function measureStorage({ meter }: Metrics): StorageObserver {
  const duration = meter.createHistogram('isocenter_storage_duration_seconds', {
    description: 'Time of the operations of the object store',
    advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30] },
  });
  const bytes = meter.createCounter('isocenter_storage_bytes_total', {
    description: 'Bytes that went into and out of the object store',
  });
  return ({ operation, seconds, bytes: moved, outcome }) => {
    duration.record(seconds, { operation, outcome });
    if (moved > 0) bytes.add(moved, { operation });
  };
}
