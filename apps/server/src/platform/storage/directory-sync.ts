import { open } from 'node:fs/promises';

/**
 * Makes names in directories durable. Many callers that changed the same directory share one fsync: who comes while
 * one is running waits for the next, because the running one may have begun before their change.
 */
export class DirectorySync {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  /** Resolves when every name that was in the directory at the time of the call is on the disk. */
  sync(directory: string): Promise<void> {
    const running = this.#running.get(directory);
    if (running === undefined) return this.#start(directory);
    const waiting = this.#next.get(directory);
    if (waiting !== undefined) return waiting;
    const next = running
      .catch(() => undefined) // its callers were told; this one is a new try
      .then(() => {
        this.#next.delete(directory);
        return this.#start(directory);
      });
    this.#next.set(directory, next);
    return next;
  }

  #start(directory: string): Promise<void> {
    const sync = syncOnce(directory).finally(() => {
      if (this.#running.get(directory) === sync) this.#running.delete(directory);
    });
    this.#running.set(directory, sync);
    return sync;
  }
}

async function syncOnce(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
