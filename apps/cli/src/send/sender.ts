import { setTimeout as delay } from 'node:timers/promises';
import { batches } from './batches.ts';
import type { InstanceFile } from './instance-file.ts';
import { FileChanged, type FileOutcome, type StoreAnswer, store, type Target } from './store-request.ts';

/** What became of one file. */
export type Outcome = Exclude<FileOutcome, { kind: 'again' }>;

export interface SenderEvents {
  /** Bytes on their way; negative when a request failed and they have to be sent again. */
  bytes(count: number): void;
  done(file: InstanceFile, outcome: Outcome): void;
  /** How many of an answered request the server had before. */
  present(count: number): void;
  waiting(reason: string, ms: number): void;
}

export interface SenderOptions {
  readonly jobs: number;
  /** Milliseconds to wait before try number `attempt` (from 1); undefined to give up. */
  readonly patience?: (attempt: number) => number | undefined;
  readonly signal: AbortSignal;
}

/** No request will succeed; the rest is not tried. */
export class Hopeless extends Error {}

/** Half a second, doubled up to half a minute, with some chance in it; about three minutes in all. */
const patience = (attempt: number): number | undefined =>
  attempt > 10 ? undefined : Math.min(30_000, 500 * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);

/** Sends files, several requests at once. */
export class Sender {
  readonly #target: Target;
  readonly #options: SenderOptions;
  readonly #events: SenderEvents;

  constructor(target: Target, options: SenderOptions, events: SenderEvents) {
    this.#target = target;
    this.#options = options;
    this.#events = events;
  }

  /** @throws Hopeless, or the signal's reason. */
  async send(files: AsyncIterable<InstanceFile>): Promise<void> {
    const giveUp = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, giveUp.signal]);
    const queue = batches(files);
    const work = async (): Promise<void> => {
      try {
        // A generator answers its callers one after the other, so the workers share it.
        for (let next = await queue.next(); !next.done; next = await queue.next()) {
          signal.throwIfAborted();
          await this.#sendBatch(next.value, signal);
        }
      } catch (error) {
        giveUp.abort(error);
        throw error;
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: this.#options.jobs }, work));
    if (signal.aborted) throw signal.reason;
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  }

  async #sendBatch(batch: readonly InstanceFile[], signal: AbortSignal): Promise<void> {
    let pending = batch;
    for (let attempt = 1; pending.length > 0; attempt++) {
      const { answer, rest } = await this.#try(pending, signal);
      pending = rest;
      if (pending.length === 0) return;
      if (answer.kind === 'hopeless') throw new Hopeless(answer.reason);
      if (answer.kind === 'refused') return this.#divide(pending, answer.reason, signal);
      const reason = answer.kind === 'again' ? answer.reason : 'the server could not store all of them';
      const pause = (this.#options.patience ?? patience)(attempt);
      if (pause === undefined) return this.#fail(pending, reason);
      const ms = Math.max(pause, (answer.kind === 'again' && answer.afterMs) || 0);
      this.#events.waiting(reason, ms);
      await delay(ms, undefined, { signal });
    }
  }

  /** One request. `rest`: what of it is still to be done. */
  async #try(
    files: readonly InstanceFile[],
    signal: AbortSignal,
  ): Promise<{ answer: StoreAnswer; rest: readonly InstanceFile[] }> {
    let sent = 0;
    const count = (bytes: number): void => {
      sent += bytes;
      this.#events.bytes(bytes);
    };
    try {
      const answer = await store(this.#target, files, count, signal);
      if (answer.kind !== 'answered') {
        this.#events.bytes(-sent);
        return { answer, rest: files };
      }
      this.#events.present(answer.present);
      return { answer, rest: files.filter((file) => !this.#settle(file, answer.outcomes.get(file))) };
    } catch (error) {
      this.#events.bytes(-sent);
      if (!(error instanceof FileChanged)) throw error;
      this.#events.done(error.file, { kind: 'failed', reason: error.message });
      return { answer: { kind: 'again', reason: error.message }, rest: files.filter((file) => file !== error.file) };
    }
  }

  /** Whether the outcome is final. */
  #settle(file: InstanceFile, outcome: FileOutcome | undefined): boolean {
    if (outcome === undefined) return false;
    if (outcome.kind === 'again') {
      this.#events.bytes(-file.size);
      return false;
    }
    this.#events.done(file, outcome);
    return true;
  }

  /** A refused request is sent in halves, until the file that is refused is alone. */
  async #divide(files: readonly InstanceFile[], reason: string, signal: AbortSignal): Promise<void> {
    if (files.length === 1) return this.#fail(files, reason);
    const middle = Math.ceil(files.length / 2);
    await this.#sendBatch(files.slice(0, middle), signal);
    await this.#sendBatch(files.slice(middle), signal);
  }

  #fail(files: readonly InstanceFile[], reason: string): void {
    for (const file of files) this.#events.done(file, { kind: 'failed', reason });
  }
}
