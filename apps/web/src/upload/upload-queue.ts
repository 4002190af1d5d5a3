import { Problem } from '../api/problem.ts';
import { takeBatch } from './batch.ts';
import type { Picked } from './collect.ts';
import type { Counts, ItemState, Reason, UploadItem, UploadSnapshot } from './item.ts';
import { type Peeked, peek } from './peek.ts';
import { createRate } from './rate.ts';
import { type StowAnswer, store } from './stow.ts';

/** Requests at a time. HTTP/1.1 browsers open six connections to a host; pages and events need some of them. */
const parallel = 3;
/** How often a batch is sent again after a passing failure, and how long to wait before, milliseconds. */
const retryAfter = [1_000, 4_000, 12_000];
const passing = new Set([0, 429, 502, 503, 504]);
/** Failures that every further request would meet as well. */
const final = new Set([401, 403, 507]);
/** The least time between two notices to the page, milliseconds. */
const noticeEvery = 120;

/**
 * Sends files in batches of parallel requests and keeps an outcome for each. It lives outside the pages, so that going
 * elsewhere in the application doesn't stop it.
 */
export class UploadQueue {
  #items: UploadItem[] = [];
  #counts: Record<ItemState, number> = noCounts();
  /** Looked at and to be sent. */
  #ready: UploadItem[] = [];
  /** To be looked at; the first `#looked` of all items have been. */
  #looked = 0;
  #active = 0;
  #pumping = false;
  #collecting = 0;
  #area: number | null = null;
  #inFlight = new Map<symbol, number>();
  #bytesTotal = 0;
  #bytesSettled = 0;
  #studies = new Set<string>();
  #abort = new AbortController();
  #rate = createRate();
  #listeners = new Set<() => void>();
  #notice: ReturnType<typeof setTimeout> | undefined;
  #version = 0;
  #snapshot: UploadSnapshot = this.#takeSnapshot();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): UploadSnapshot => this.#snapshot;

  /** What is added from now on goes to this area; null leaves it to the server. */
  aimAt(area: number | null): void {
    this.#area = area;
  }

  async addFrom(source: AsyncIterable<readonly Picked[]> | readonly (readonly Picked[])[]): Promise<void> {
    const area = this.#area;
    this.#collecting += 1;
    this.#changed();
    try {
      for await (const picked of source) this.#add(picked, area);
    } finally {
      this.#collecting -= 1;
      this.#changed();
    }
  }

  #add(picked: readonly Picked[], area: number | null): void {
    for (const { file, path } of picked) {
      const id = this.#items.length;
      this.#items.push({ id, path, file, area, state: 'waiting', sopInstanceUid: null, reason: null, attempts: 0 });
      this.#counts.waiting += 1;
      this.#bytesTotal += file.size;
    }
    this.#changed();
    void this.#pump();
  }

  /** Sends again what failed or was cancelled. */
  retry(): void {
    for (const item of this.#items) {
      if (item.state !== 'failed' && item.state !== 'cancelled') continue;
      this.#bytesSettled -= item.file.size;
      this.#settle(item, 'waiting', null);
      item.attempts = 0;
      this.#ready.push(item);
    }
    this.#rate.clear();
    void this.#pump();
  }

  /** Stops what is under way and what waits; what was stored stays stored. */
  cancel(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#giveUp('cancelled', null);
  }

  /** Forgets everything that is finished. */
  clear(): void {
    if (this.#snapshot.running) return;
    this.#items = [];
    this.#ready = [];
    this.#looked = 0;
    this.#counts = noCounts();
    this.#bytesTotal = 0;
    this.#bytesSettled = 0;
    this.#studies.clear();
    this.#rate.clear();
    this.#changed();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#active < parallel) {
      await this.#look();
      const batch = takeBatch(this.#ready);
      if (batch.length === 0) break;
      this.#active += 1;
      void this.#send(batch).finally(() => {
        this.#active -= 1;
        this.#changed();
        void this.#pump();
      });
    }
    this.#pumping = false;
  }

  /** Looks into waiting files until there is enough for the next batch. */
  async #look(): Promise<void> {
    while (this.#ready.length < 60 && this.#looked < this.#items.length) {
      const items = this.#items.slice(this.#looked, this.#looked + 60);
      this.#looked += items.length;
      const seen = await Promise.all(items.map((item) => peek(item.file).catch(() => null)));
      items.forEach((item, index) => {
        if (item.state === 'waiting') this.#judge(item, seen[index] ?? null);
      });
    }
  }

  #judge(item: UploadItem, seen: Peeked | null): void {
    if (seen === null) this.#settle(item, 'failed', { kind: 'unreadable' });
    else if (item.file.size === 0) this.#settle(item, 'skipped', { kind: 'empty' });
    else if (seen.kind === 'other') this.#settle(item, 'skipped', { kind: 'not-dicom' });
    else if (seen.kind === 'directory') this.#settle(item, 'skipped', { kind: 'directory' });
    else {
      item.sopInstanceUid = seen.sopInstanceUid;
      this.#ready.push(item);
    }
  }

  async #send(batch: readonly UploadItem[]): Promise<void> {
    const { signal } = this.#abort;
    const flight = Symbol('request');
    for (const item of batch) {
      this.#settle(item, 'sending', null);
      item.attempts += 1;
    }
    try {
      const onSent = (bytes: number) => {
        this.#inFlight.set(flight, bytes);
        this.#changed();
      };
      const answer = await store(
        batch.map((item) => item.file),
        batch[0]?.area ?? null,
        { onSent, signal },
      );
      this.#conclude(batch, answer);
    } catch (error) {
      if (!signal.aborted) await this.#failed(batch, error, signal);
    } finally {
      this.#inFlight.delete(flight);
    }
  }

  #conclude(batch: readonly UploadItem[], answer: StowAnswer): void {
    const stored = new Map(answer.stored.map((instance) => [instance.sopInstanceUid, instance]));
    const refused = new Map(answer.refused.map((instance) => [instance.sopInstanceUid, instance]));
    for (const { studyUid } of answer.stored) if (studyUid) this.#studies.add(studyUid);
    for (const item of batch) {
      const only = batch.length === 1;
      const good = (item.sopInstanceUid && stored.get(item.sopInstanceUid)) || (only ? answer.stored[0] : undefined);
      const bad = (item.sopInstanceUid && refused.get(item.sopInstanceUid)) || (only ? answer.refused[0] : undefined);
      if (good) this.#settle(item, 'stored', good.warning ? { kind: 'warned', code: good.warning, comment: '' } : null);
      else if (bad) this.#settle(item, 'failed', { kind: 'refused', code: bad.reason, comment: bad.comment });
      else this.#askAlone(item);
    }
  }

  /**
   * The answer names instances by the UID in their data set; where the file's meta information has another, nothing
   * matches. Sent once more by itself, the only outcome is its own, and storing the same again changes nothing.
   */
  #askAlone(item: UploadItem): void {
    if (item.sopInstanceUid === null) {
      this.#settle(item, 'failed', { kind: 'no-outcome' });
      return;
    }
    item.sopInstanceUid = null;
    this.#settle(item, 'waiting', null);
    this.#ready.push(item);
  }

  async #failed(batch: readonly UploadItem[], error: unknown, signal: AbortSignal): Promise<void> {
    const problem = error instanceof Problem ? error : null;
    const wait = retryAfter[(batch[0]?.attempts ?? 1) - 1];
    if (problem && passing.has(problem.status) && wait !== undefined) {
      for (const item of batch) this.#settle(item, 'waiting', null);
      await delay(wait, signal);
      if (signal.aborted) return;
      this.#ready.unshift(...batch);
      return;
    }
    const reason = reasonOf(error);
    for (const item of batch) this.#settle(item, 'failed', reason);
    if (problem && final.has(problem.status)) {
      this.#abort.abort();
      this.#abort = new AbortController();
      this.#giveUp('failed', reason);
    }
  }

  #giveUp(state: 'cancelled' | 'failed', reason: Reason | null): void {
    this.#ready = [];
    this.#looked = this.#items.length;
    for (const item of this.#items) {
      if (item.state === 'waiting' || item.state === 'sending') this.#settle(item, state, reason);
    }
  }

  #settle(item: UploadItem, state: ItemState, reason: Reason | null): void {
    this.#counts[item.state] -= 1;
    this.#counts[state] += 1;
    if (state !== 'waiting' && state !== 'sending') this.#bytesSettled += item.file.size;
    item.state = state;
    item.reason = reason;
    this.#changed();
  }

  #changed(): void {
    this.#version += 1;
    if (this.#notice !== undefined) return;
    this.#notice = setTimeout(() => {
      this.#notice = undefined;
      this.#snapshot = this.#takeSnapshot();
      for (const listener of this.#listeners) listener();
    }, noticeEvery);
  }

  #takeSnapshot(): UploadSnapshot {
    const { waiting, sending } = this.#counts;
    const running = waiting + sending > 0 || this.#collecting > 0;
    const flying = [...this.#inFlight.values()].reduce((sum, bytes) => sum + bytes, 0);
    const bytesDone = Math.min(this.#bytesTotal, this.#bytesSettled + flying);
    if (running) this.#rate.add(performance.now(), bytesDone);
    return {
      version: this.#version,
      items: this.#items,
      counts: { ...this.#counts },
      running,
      collecting: this.#collecting > 0,
      bytesTotal: this.#bytesTotal,
      bytesDone,
      rate: running ? this.#rate.perSecond() : null,
      studyUids: [...this.#studies],
    };
  }
}

function noCounts(): { [State in keyof Counts]: number } {
  return { waiting: 0, sending: 0, stored: 0, failed: 0, skipped: 0, cancelled: 0 };
}

function reasonOf(error: unknown): Reason {
  if (!(error instanceof Problem)) return { kind: 'unreadable' };
  if (error.status === 0) return { kind: 'network' };
  return { kind: 'problem', text: error.detail || error.title || `HTTP ${error.status}`, requestId: error.requestId };
}

/** Waits, or returns at once when cancelled. */
function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
