import type { JobProgress } from '@isocenter/contract';

/** At most two writes a second. */
const INTERVAL_MS = 500;

/** Keeps the latest progress and writes it now and then; never two writes at once. */
export class ProgressWriter {
  readonly #write: (progress: JobProgress) => Promise<void>;
  #latest: JobProgress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastAt = 0;
  #writing: Promise<void> | undefined;
  #ended = false;

  constructor(write: (progress: JobProgress) => Promise<void>) {
    this.#write = write;
  }

  report(progress: JobProgress): void {
    this.#latest = progress;
    if (this.#ended || this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, this.#lastAt + INTERVAL_MS - Date.now()));
  }

  /** Stops writing; answers the latest, for the last word on the job. */
  async end(): Promise<JobProgress | undefined> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#writing;
    return this.#latest;
  }

  #flush(): void {
    this.#timer = undefined;
    const progress = this.#latest;
    if (progress === undefined) return;
    this.#lastAt = Date.now();
    this.#writing = this.#write(progress).finally(() => {
      this.#writing = undefined;
      if (this.#latest !== progress) this.report(this.#latest as JobProgress);
    });
  }
}
