import type { Archive } from '../archive.ts';
import { pixelFailure } from '../pixels/pixel-problem.ts';
import { findInstances, type InstanceSelector, type StoredInstance } from './instance-store.ts';
import { canTranscode, transcodeInstance } from './transcode.ts';

/** An instance for peers that take the bytes of its data set. */
export interface OutgoingInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** The data set as it was received, without file meta information. */
  dataSet(): AsyncIterable<Uint8Array>;
  /** The same in another transfer syntax; undefined when it can't be had in it. */
  transcoded?(transferSyntaxUid: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** The instances of a study, a series or one, in the areas named, to be sent somewhere. */
export async function outgoingInstances(
  archive: Archive,
  areas: readonly number[],
  selector: InstanceSelector,
  signal?: AbortSignal,
): Promise<OutgoingInstance[]> {
  const instances = await findInstances(archive.db, areas, selector);
  return instances.map((instance) => ({
    sopClassUid: instance.sopClassUid,
    sopInstanceUid: instance.sopInstanceUid,
    transferSyntaxUid: instance.transferSyntaxUid,
    dataSet: () => storedDataSet(archive, instance),
    transcoded: (uid) => transcodedDataSet(archive, instance, uid, signal),
  }));
}

async function* storedDataSet({ objects }: Archive, instance: StoredInstance): AsyncGenerator<Uint8Array, void, void> {
  const { sha256, size, dataSetOffset } = instance;
  const range = { start: dataSetOffset, end: size };
  yield* (await objects.open(sha256, range)) as AsyncIterable<Uint8Array>;
}

async function transcodedDataSet(
  archive: Archive,
  instance: StoredInstance,
  uid: string,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  if (!canTranscode(instance, uid)) return undefined;
  try {
    const { transferSyntaxUid, body } = await transcodeInstance(archive, instance, uid, signal);
    if (transferSyntaxUid === uid) return withoutMeta(body);
    await body.return();
    return undefined;
  } catch (error) {
    if (pixelFailure(error) === undefined) throw error;
    return undefined;
  }
}

/** Preamble, "DICM" and (0002,0000) File Meta Information Group Length, which counts the bytes after itself (PS3.10 7.1). */
const BEFORE_META = 128 + 4 + 12;

async function* withoutMeta(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let header: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of file) {
    if (!header) {
      yield chunk;
      continue;
    }
    const bytes: Uint8Array = header.length === 0 ? chunk : Buffer.concat([header, chunk]);
    const end = bytes.length < BEFORE_META ? Number.POSITIVE_INFINITY : dataSetStart(bytes);
    header = bytes.length < end ? bytes : undefined;
    if (bytes.length > end) yield bytes.subarray(end);
  }
}

const dataSetStart = (file: Uint8Array): number =>
  BEFORE_META + new DataView(file.buffer, file.byteOffset).getUint32(BEFORE_META - 4, true);
