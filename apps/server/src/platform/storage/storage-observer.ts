import type { StorageErrorCode } from './storage-error.ts';

/** One thing that the storage did: made for counters and histograms, so it names no object. */
export interface StorageEvent {
  readonly operation: 'spool' | 'put' | 'open' | 'read' | 'stat' | 'verify' | 'delete' | 'check' | 's3-retry';
  readonly seconds: number;
  /** Bytes of content in (`spool`, `put`) or out (`read`, and `open` when its stream has ended). */
  readonly bytes: number;
  readonly outcome: 'ok' | StorageErrorCode | 'failed';
}

export type StorageObserver = (event: StorageEvent) => void;
