import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { writePart10 } from '@isocenter/dicom';
import type { Seeded } from '@isocenter/dicom/testing';
import { storeAnswer, storeRequest } from '@isocenter/testkit/dicomweb';
import type { SupervisedArchive } from './supervised-archive.ts';

/** A study of one instance. */
export interface StudyFile {
  readonly study: string;
  readonly sha256: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

export const KINDS = ['store', 'view', 'export', 'delete', 'sign-in'] as const;
export type Kind = (typeof KINDS)[number];

/** An action that was answered as done. */
export interface Acknowledged {
  readonly kind: Kind;
  /** Of a study, unless it is signing in. */
  readonly file?: StudyFile;
}

/**
 * Does so many actions of every kind over several connections. One that gets no answer is done again until it gets one.
 */
export class MixedActions {
  readonly acknowledged: Acknowledged[] = [];
  readonly #archive: SupervisedArchive;
  readonly #random: Seeded;
  readonly #total: number;
  readonly #seed: number;
  /** Stored, and nobody has asked to delete them. */
  readonly #there: StudyFile[] = [];
  #begun = 0;
  #watchers: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(archive: SupervisedArchive, { total, seed, random }: { total: number; seed: number; random: Seeded }) {
    this.#archive = archive;
    this.#total = total;
    this.#seed = seed;
    this.#random = random;
  }

  async run(connections: number): Promise<void> {
    const connection = async (): Promise<void> => {
      while (this.#begun < this.#total) {
        this.#begun += 1;
        await this.#act(this.#begun);
      }
    };
    await Promise.all(Array.from({ length: connections }, connection));
  }

  /** Resolves when so many are acknowledged. */
  until(count: number): Promise<void> {
    if (this.acknowledged.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push({ count, resolve }));
  }

  async #act(number: number): Promise<void> {
    const wanted = KINDS[this.#random.below(KINDS.length)]!;
    // What needs a study stores one as long as there is none.
    const kind = wanted !== 'sign-in' && this.#there.length < 5 ? 'store' : wanted;
    const file = kind === 'store' ? studyFile(this.#seed, number) : this.#pick(kind);
    for (;;) {
      const done = await this.#try(kind, file).catch(() => undefined);
      if (done === undefined) {
        await Promise.all([pause(20), this.#archive.untilReady()]);
        continue;
      }
      if (done) this.acknowledged.push(kind === 'sign-in' || !file ? { kind } : { kind, file });
      if (done && kind === 'store' && file) this.#there.push(file);
      break;
    }
    for (const { count, resolve } of this.#watchers) if (this.acknowledged.length >= count) resolve();
    this.#watchers = this.#watchers.filter(({ count }) => this.acknowledged.length < count);
  }

  #pick(kind: Kind): StudyFile | undefined {
    if (kind === 'sign-in') return undefined;
    const at = this.#random.below(this.#there.length);
    return kind === 'delete' ? this.#there.splice(at, 1)[0] : this.#there[at];
  }

  /** True when it was answered as done, false when there is nothing to do, undefined when it is to be done again. */
  async #try(kind: Kind, file: StudyFile | undefined): Promise<boolean | undefined> {
    const answer = await this.#ask(kind, file);
    if (kind === 'store' && (answer.status === 200 || answer.status === 202)) {
      const { stored } = await storeAnswer(answer);
      return stored.length === 1 || undefined;
    }
    await answer.arrayBuffer();
    if (answer.ok) return true;
    return answer.status === 404 ? false : undefined;
  }

  #ask(kind: Kind, file: StudyFile | undefined): Promise<Response> {
    const path = `/dicom-web/studies/${file?.study}`;
    switch (kind) {
      case 'store':
        return this.#archive.fetch('/dicom-web/studies', storeRequest([file!.bytes]));
      case 'view':
        return this.#archive.fetch(`${path}/metadata`);
      case 'export':
        return this.#archive.fetch(path);
      case 'delete':
        return this.#archive.fetch(path, { method: 'DELETE' });
      case 'sign-in':
        return this.#archive.fetch('/api/session', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ token: this.#archive.token }),
        });
    }
  }
}

function studyFile(seed: number, number: number): StudyFile {
  const study = `1.2.826.0.1.3680043.9.${seed}.${number}`;
  const file = writePart10({
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    '00080018': { vr: 'UI', Value: [`${study}.1.1`] },
    '00080060': { vr: 'CS', Value: ['OT'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
    '00100020': { vr: 'LO', Value: ['4711'] },
    '0020000D': { vr: 'UI', Value: [study] },
    '0020000E': { vr: 'UI', Value: [`${study}.1`] },
  });
  const bytes = Buffer.from(file);
  return { study, sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
}
