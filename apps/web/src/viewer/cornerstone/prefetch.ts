import { cache, Enums, imageLoader } from '@cornerstonejs/core';
import { troubles } from './failures.ts';
import { cacheBytes } from './start.ts';

/** Requests at a time; a queue of more would make what one scrolls to wait behind what one may never see. */
const parallel = 3;

/** Loads the images around the one in sight, nearest first, until all are there or the memory is spoken for. */
export class Prefetch {
  readonly #imageIds: readonly string[];
  readonly #onLoaded: () => void;
  /** Asked for before, loaded or not: a failure is not tried again by itself. */
  readonly #asked = new Set<string>();
  #current = 0;
  #active = 0;
  #stopped = false;

  constructor(imageIds: readonly string[], onLoaded: () => void) {
    this.#imageIds = imageIds;
    this.#onLoaded = onLoaded;
  }

  /** Says which image is in sight. */
  moveTo(index: number): void {
    this.#current = index;
    this.#pump();
  }

  stop(): void {
    this.#stopped = true;
  }

  #pump(): void {
    while (!this.#stopped && this.#active < parallel && cache.getCacheSize() < cacheBytes * 0.6) {
      const imageId = this.#nearest();
      if (imageId === undefined) return;
      this.#asked.add(imageId);
      this.#active += 1;
      const options = { requestType: Enums.RequestType.Prefetch, priority: 1 };
      imageLoader
        .loadAndCacheImage(imageId, options)
        .then(this.#onLoaded, () => undefined)
        .finally(() => {
          this.#active -= 1;
          this.#pump();
        });
    }
  }

  #isWanted(imageId: string): boolean {
    return !this.#asked.has(imageId) && !cache.isLoaded(imageId) && troubles.get().get(imageId)?.kind !== 'failed';
  }

  #nearest(): string | undefined {
    const count = this.#imageIds.length;
    for (let distance = 0; distance < count; distance += 1) {
      // A little further ahead than behind: one mostly reads forward.
      for (const index of [this.#current + distance, this.#current - Math.ceil(distance / 2)]) {
        const imageId = this.#imageIds[index];
        if (imageId !== undefined && this.#isWanted(imageId)) return imageId;
      }
    }
    return this.#imageIds.find((imageId) => this.#isWanted(imageId));
  }
}
