import { setTimeout as pause } from 'node:timers/promises';
import { Seeded } from '@isocenter/dicom/testing';
import { storeAnswer, storeRequest } from '@isocenter/testkit/dicomweb';
import type { SyntheticInstance } from './synthetic-instances.ts';

/** Where instances go. */
export interface Receiver {
  fetch(path: string, init: RequestInit): Promise<Response>;
  /** Waits until it takes requests. */
  untilReady(): Promise<void>;
}

export interface DeliveryOptions {
  readonly connections: number;
  /** Instances of one request at most. */
  readonly batch: number;
  readonly seed: number;
}

/** What a sender hears again later: out of resources, processing failure (PS3.18 Table I.2-2). */
const PASSING = [0xa700, 0x0110];

/**
 * Stores instances by STOW-RS over several connections, each until it is acknowledged, and none a second time after that:
 * what was acknowledged and is lost stays lost.
 */
export class Delivery {
  readonly acknowledged = new Set<string>();
  /** How often each answer came; `none` is a broken connection. */
  readonly answers = new Map<string, number>();
  readonly #receiver: Receiver;
  readonly #options: DeliveryOptions;
  readonly #random: Seeded;
  readonly #waiting: SyntheticInstance[];
  readonly #total: number;
  #watchers: { readonly seen: () => boolean; readonly resolve: () => void }[] = [];

  constructor(receiver: Receiver, instances: readonly SyntheticInstance[], options: DeliveryOptions) {
    this.#receiver = receiver;
    this.#options = options;
    this.#random = new Seeded(options.seed);
    this.#waiting = [...instances];
    this.#total = instances.length;
  }

  /** Resolves when every instance is acknowledged. */
  async run(): Promise<void> {
    const connection = async (): Promise<void> => {
      while (this.acknowledged.size < this.#total) {
        const batch = this.#waiting.splice(0, 1 + this.#random.below(this.#options.batch));
        if (batch.length === 0)
          await pause(20); // others have the rest under way, and may fail
        else await this.#send(batch);
      }
    };
    await Promise.all(Array.from({ length: this.#options.connections }, connection));
  }

  /** Resolves when `seen` says so after an answer. */
  until(seen: () => boolean): Promise<void> {
    if (seen()) return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push({ seen, resolve }));
  }

  async #send(batch: readonly SyntheticInstance[]): Promise<void> {
    const left = new Set(batch.map(({ instance }) => instance));
    const answer = await this.#post(batch);
    this.answers.set(answer.said, (this.answers.get(answer.said) ?? 0) + 1);
    for (const uid of answer.stored) {
      if (!left.delete(uid)) throw new Error(`The answer says that ${uid} is stored, which wasn't sent with it`);
      this.acknowledged.add(uid);
    }
    this.#waiting.push(...batch.filter(({ instance }) => left.has(instance)));
    for (const watcher of this.#watchers.filter(({ seen }) => seen())) watcher.resolve();
    this.#watchers = this.#watchers.filter(({ seen }) => !seen());
    if (left.size > 0) await Promise.all([pause(50), this.#receiver.untilReady()]);
  }

  async #post(batch: readonly SyntheticInstance[]): Promise<{ said: string; stored: readonly string[] }> {
    let answer: Response;
    let body: string;
    try {
      answer = await this.#receiver.fetch('/dicom-web/studies', storeRequest(batch.map(({ bytes }) => bytes)));
      body = await answer.text();
    } catch {
      return { said: 'none', stored: [] };
    }
    const said = String(answer.status);
    if (answer.headers.get('content-type')?.includes('problem')) return { said: `${said} problem`, stored: [] };
    const { stored, failed } = await storeAnswer(new Response(body, answer));
    const lasting = failed.filter(({ reason }) => !PASSING.includes(reason));
    if (lasting.length > 0) throw new Error(`${lasting.length} were refused for good: ${JSON.stringify(lasting[0])}`);
    return { said, stored: stored.map(({ instance }) => instance) };
  }
}
