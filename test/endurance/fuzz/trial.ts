import { DicomError, firstString, fromXml, type JsonDataSet, readPart10 } from '@isocenter/dicom';
import { type StoreAnswer, storeAnswer, storeRequest } from '@isocenter/testkit/dicomweb';
import { rawExchange } from './raw-exchange.ts';
import type { RawRequest } from './request-mutations.ts';

/** What is tried, under the name by which it can be made again. */
export interface Case {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Receiver {
  readonly url: string;
  readonly token: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  untilReady(): Promise<void>;
}

/** Longer than any answer may take on a busy machine; what hangs is found all the same. */
const PATIENCE_MS = 120_000;
/** Failure reasons that are the instance's fault; others (A700, 0110) are ours. */
const THEIRS = [0xa900, 0xc000, 0xc122, 0x0111];
/** Forms that are asked for in turn: XML, default transfer syntax, and twice pictures. */
const FORMS = 4;
const FINE = [200, 202, 409];

/** Stores what may be damaged, and asks for all that was stored in every form. */
export class Trial {
  /** What went wrong, and with which case. */
  readonly faults: string[] = [];
  readonly counts = { sent: 0, stored: 0, refused: 0, asked: 0, made: 0, impossible: 0 };
  readonly #archive: Receiver;

  constructor(archive: Receiver) {
    this.#archive = archive;
  }

  /** Stores the cases in one request; when that fails, each in its own, to find the one that does it. */
  async store(cases: readonly Case[]): Promise<void> {
    this.counts.sent += cases.length;
    const fault = await this.#storeTogether(cases);
    if (fault === undefined) return;
    if (cases.length === 1) {
      this.faults.push(`${cases[0]!.name}: ${fault}`);
      return;
    }
    const before = this.faults.length;
    for (const one of cases) {
      await this.#archive.untilReady();
      const alone = await this.#storeTogether([one]);
      if (alone !== undefined) this.faults.push(`${one.name}: ${alone}`);
    }
    if (this.faults.length === before) this.faults.push(`${cases.map(({ name }) => name).join(', ')}: ${fault}`);
  }

  /** Sends a request that is itself damaged: any typed answer will do, and what it calls stored must be there. */
  async send(name: string, request: RawRequest): Promise<void> {
    this.counts.sent++;
    const fault = await attempt(async () => {
      if (request.length !== undefined) {
        const wrong = (await rawExchange(this.#archive, request, PATIENCE_MS)).filter((status) => status >= 500);
        return wrong.length === 0 ? undefined : `${wrong} to a length of ${request.length}`;
      }
      const { contentType, body } = request;
      const init = { method: 'POST', headers: { 'content-type': contentType }, body: new Uint8Array(body) };
      const answer = await this.#fetch('/dicom-web/studies', init);
      if (!FINE.includes(answer.status)) return problemOf(answer, '/dicom-web/studies');
      const { stored, failed } = await storeAnswer(answer);
      if (stored.length + failed.length === 0) return 'the answer names no instance';
      return this.#judge(stored, failed, () => undefined);
    });
    if (fault !== undefined) this.faults.push(`${name}: ${fault}`);
  }

  /** Asks for what was stored as studies: in lists, described, searched for, and some of them in other forms. */
  async studies(): Promise<void> {
    const pages: string[] = [];
    for (let offset = 0; ; offset += 200) {
      const answer = await this.#fetch(`/api/studies?limit=200&sort=-description&offset=${offset}`);
      if (answer.status !== 200)
        return void this.faults.push(`page ${offset}: ${answer.status} ${await answer.text()}`);
      const { items } = (await answer.json()) as { items: { studyInstanceUid: string }[] };
      if (items.length === 0) break;
      pages.push(...items.map(({ studyInstanceUid }) => studyInstanceUid));
    }
    const uids = pages.entries();
    const connection = async (): Promise<void> => {
      for (const [i, uid] of uids) await this.#study(uid, i % 10 === 0);
    };
    await Promise.all([connection(), connection(), connection()]);
  }

  async #study(uid: string, inEveryForm: boolean): Promise<void> {
    const study = `/dicom-web/studies/${uid}`;
    const more = [
      `/dicom-web/studies?StudyInstanceUID=${uid}&includefield=all`,
      `${study}/series`,
      `${study}/metadata`,
    ];
    for (const path of [`/api/studies/${uid}`, ...(inEveryForm ? more : [])]) {
      const answer = await this.#fetch(path);
      const text = await answer.text();
      if (answer.status !== 200) this.faults.push(`${path}: ${answer.status} ${text.slice(0, 500)}`);
    }
    const thumbnail = inEveryForm ? await this.#goodOrTyped(`${study}/thumbnail`, 'image/jpeg') : undefined;
    if (thumbnail) this.faults.push(thumbnail);
  }

  async #storeTogether(cases: readonly Case[]): Promise<string | undefined> {
    return attempt(async () => {
      const answer = await this.#fetch('/dicom-web/studies', storeRequest(cases.map(({ bytes }) => bytes)));
      if (!FINE.includes(answer.status)) return `${answer.status} ${await answer.text()}`;
      const { stored, failed } = await storeAnswer(answer);
      if (stored.length + failed.length !== cases.length)
        return `${cases.length} sent, but ${stored.length} stored and ${failed.length} refused`;
      const byUid = Map.groupBy(cases, ({ bytes }) => uidOf(bytes));
      return this.#judge(stored, failed, (uid) => byUid.get(uid));
    });
  }

  /** `sent`: what was sent under a UID; undefined where nobody knows. */
  async #judge(
    stored: StoreAnswer['stored'],
    failed: StoreAnswer['failed'],
    sent: (uid: string) => readonly Case[] | undefined,
  ): Promise<string | undefined> {
    this.counts.stored += stored.length;
    this.counts.refused += failed.length;
    const ours = failed.find(({ reason }) => !THEIRS.includes(reason));
    if (ours) return `refused for ${ours.reason.toString(16)}: ${ours.comment}`;
    const faults = await Promise.all([
      ...stored.map(({ url, instance }) => this.#askFor(url, instance, sent(instance))),
      this.#search(stored.map(({ instance }) => instance)),
    ]);
    return faults.find((fault) => fault !== undefined);
  }

  async #askFor(url: string, uid: string, sent: readonly Case[] | undefined): Promise<string | undefined> {
    const path = new URL(url).pathname;
    return (
      (await this.#bytes(path, sent)) ??
      (await this.#metadata(path, uid)) ??
      (await this.#inAnotherForm(path, uid.charCodeAt(uid.length - 1) % FORMS))
    );
  }

  /** The file's bytes, or for one that came without file meta information those bytes after it. */
  async #bytes(path: string, sent: readonly Case[] | undefined): Promise<string | undefined> {
    const answer = await this.#fetch(path, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
    if (answer.status !== 200) return `${path}: ${answer.status} ${await answer.text()}`;
    const back = Buffer.from(await answer.arrayBuffer());
    if (!sent) return undefined;
    const same = sent.some(({ bytes }) => back.equals(bytes) || back.subarray(-bytes.length).equals(bytes));
    return same ? undefined : `${path}: other bytes came back`;
  }

  async #metadata(path: string, uid: string): Promise<string | undefined> {
    const json = await this.#fetch(`${path}/metadata`, { headers: { accept: 'application/dicom+json' } });
    if (json.status !== 200) return `${path}/metadata: ${json.status} ${await json.text()}`;
    const [dataSet] = (await json.json()) as JsonDataSet[];
    if (dataSet?.['00080018']?.Value?.[0] !== uid) return `${path}/metadata: of another instance`;
    for (const uri of bulkDataOf(dataSet).slice(0, 3)) {
      const bulk = await this.#fetch(new URL(uri).pathname, { headers: { accept: '*/*' } });
      if (bulk.status !== 200) return problemOf(bulk, uri);
      await bulk.arrayBuffer();
    }
    return undefined;
  }

  /** Asking for each form of each instance would take twice the time. */
  #inAnotherForm(path: string, form: number): Promise<string | undefined> {
    if (form === 0) return this.#xml(path);
    // In the transfer syntax that one gets who names none: decoded where that can be done.
    return form === 1 ? this.#goodOrTyped(path, 'application/dicom') : this.#pictures(path);
  }

  async #xml(path: string): Promise<string | undefined> {
    const accept = 'multipart/related; type="application/dicom+xml"';
    const answer = await this.#fetch(`${path}/metadata`, { headers: { accept } });
    const text = await answer.text();
    if (answer.status !== 200) return `${path}/metadata: XML ${answer.status} ${text}`;
    fromXml(text.slice(text.indexOf('<?xml'), text.lastIndexOf('>') + 1));
    return undefined;
  }

  async #search(uids: readonly string[]): Promise<string | undefined> {
    if (uids.length === 0) return undefined;
    const path = `/dicom-web/instances?SOPInstanceUID=${uids.join(',')}&includefield=all`;
    const answer = await this.#fetch(path, { headers: { accept: 'application/dicom+json' } });
    if (answer.status !== 200) return `${path}: ${answer.status} ${await answer.text()}`;
    const found = new Set(((await answer.json()) as JsonDataSet[]).map((one) => one['00080018']?.Value?.[0]));
    const missing = uids.find((uid) => !found.has(uid));
    return missing === undefined ? undefined : `${missing} is not found`;
  }

  async #pictures(path: string): Promise<string | undefined> {
    return (
      (await this.#goodOrTyped(`${path}/frames/1`, 'multipart/related; type="application/octet-stream"')) ??
      (await this.#goodOrTyped(`${path}/rendered`, 'image/jpeg'))
    );
  }

  /** What can't be made of it is answered as such. */
  async #goodOrTyped(path: string, accept: string): Promise<string | undefined> {
    const answer = await this.#fetch(path, { headers: { accept } });
    if (answer.status !== 200) {
      this.counts.impossible++;
      return problemOf(answer, path);
    }
    this.counts.made++;
    await answer.arrayBuffer();
    return undefined;
  }

  #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    this.counts.asked++;
    return this.#archive.fetch(path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  }
}

function uidOf(bytes: Uint8Array): string {
  try {
    return firstString(readPart10(bytes).dataSet, 0x00080018) ?? '';
  } catch (error) {
    if (error instanceof DicomError) return '';
    throw error;
  }
}

/** What is wrong with an answer that isn't the one hoped for; undefined when it says properly why. */
async function problemOf(answer: Response, path: string): Promise<string | undefined> {
  const text = await answer.text();
  const typed = answer.headers.get('content-type')?.startsWith('application/problem+json');
  if (answer.status >= 400 && answer.status < 500 && typed) return undefined;
  return `${path}: ${answer.status} ${text.slice(0, 300)}`;
}

function bulkDataOf(json: JsonDataSet): string[] {
  return Object.values(json).flatMap(({ vr, Value, BulkDataURI }) => {
    if (vr === 'SQ') return (Value ?? []).flatMap((item) => bulkDataOf(item as JsonDataSet));
    return BulkDataURI === undefined ? [] : [BulkDataURI];
  });
}

async function attempt(work: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await work();
  } catch (error) {
    const { message, cause } = error as Error;
    return `${message} ${cause === undefined ? '' : String(cause)}`;
  }
}
