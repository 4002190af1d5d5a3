/**
 * Gathers what arrives while the last batch is still under way into the next one, so that many callers share one
 * transaction and its fsync, and a lone caller never waits for company.
 */
export class Batcher<T, R> {
  private readonly run: (items: readonly T[]) => Promise<readonly R[]>;
  private readonly most: number;
  private waiting: Waiting<T, R>[] = [];
  private running = false;

  /** `run` answers in the order of its items; when it throws, every item of the batch fails with that error. */
  constructor(most: number, run: (items: readonly T[]) => Promise<readonly R[]>) {
    this.most = most;
    this.run = run;
  }

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // Callers of the same turn of the event loop travel together.
      if (!this.running) {
        this.running = true;
        setImmediate(() => void this.work());
      }
    });
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.most);
      try {
        const results = await this.run(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, i) => {
          resolve(results[i]!);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.running = false;
  }
}

interface Waiting<T, R> {
  readonly item: T;
  resolve(result: R): void;
  reject(error: unknown): void;
}
