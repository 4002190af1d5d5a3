/** Most instances of a CT or MR fit into a small and a large one. */
const SMALL = 64 * 1024;
const LARGE = 1024 * 1024;
/** Free ones kept for the next file, of each size. */
const KEPT = 32;

/**
 * Shared memory in which files gather before they are written, used again and again: what comes from the network is let
 * go of at once, and a thread can write it without another copy.
 */
export class Slabs {
  readonly #free: Readonly<Record<number, SharedArrayBuffer[]>> = { [SMALL]: [], [LARGE]: [] };

  /** The first one of a file is small: many objects are. */
  take(first: boolean): Uint8Array {
    const size = first ? SMALL : LARGE;
    return new Uint8Array(this.#free[size]?.pop() ?? new SharedArrayBuffer(size));
  }

  give(slabs: readonly Uint8Array[]): void {
    for (const { buffer } of slabs) {
      const free = this.#free[buffer.byteLength];
      if (buffer instanceof SharedArrayBuffer && free && free.length < KEPT) free.push(buffer);
    }
  }
}
