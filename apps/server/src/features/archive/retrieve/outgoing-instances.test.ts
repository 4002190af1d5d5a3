import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ExplicitVRBigEndian,
  ExplicitVRLittleEndian,
  ImplicitVRLittleEndian,
  readDataSet,
  readPart10,
  toJson,
  transferSyntaxOf,
} from '@isocenter/dicom';
import { testDatabase } from '@isocenter/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../../platform/config.ts';
import { silentLog } from '../../../platform/log.ts';
import { openServices, type Services } from '../../../platform/services.ts';
import { openStorage, type Storage } from '../../../platform/storage/index.ts';
import { ada } from '../../../platform/tracer/test/test-tracer.ts';
import { Areas } from '../../directory/index.ts';
import { unassigned } from '../../directory/test/unassigned.ts';
import type { Archive } from '../archive.ts';
import { createArchive } from '../index.ts';
import { counted, type PictureFile, type PictureOptions, pictureFile } from '../pixels/test/picture-file.ts';
import { outgoingInstances } from './outgoing-instances.ts';

const JPEG = '1.2.840.10008.1.2.4.50';
const db = testDatabase();
let folder: string;
let services: Services;
let storage: Storage;
let archive: Archive;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-outgoing-'));
  services = await openServices(loadConfig({ ISOCENTER_DATA: folder }), silentLog(), db.database);
  storage = await openStorage({ dataDir: folder });
  const areas = await Areas.open(db.database, services.listener, ['landing'], silentLog());
  archive = await createArchive(services, storage, areas);
});
afterAll(async () => {
  await archive.close();
  await storage.close();
  await services.close();
  await rm(folder, { recursive: true });
});

async function bytesOf(from: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of from) parts.push(part);
  return Buffer.concat(parts);
}

/** Stores a picture and takes it out again to be sent. */
async function outgoing(options: PictureOptions) {
  const file: PictureFile = pictureFile(options);
  async function* whole(): AsyncGenerator<Uint8Array, void, void> {
    yield file.bytes;
  }
  await archive.ingest.receive(whole(), { area: unassigned.landing, actor: ada });
  const instances = await outgoingInstances(archive, [unassigned.landing.id], file);
  expect(instances).toHaveLength(1);
  return { file, part10: readPart10(file.bytes), instance: instances[0]! };
}

test('[ARCH-5] an instance is sent with the data set that was received, byte by byte', async () => {
  for (const transferSyntaxUid of [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]) {
    const { file, part10, instance } = await outgoing({ transferSyntaxUid, pixels: counted(24) });
    expect(instance).toMatchObject({ sopInstanceUid: file.instance, transferSyntaxUid });
    const dataSet = file.bytes.subarray(part10.dataSetOffset);
    expect(Buffer.compare(await bytesOf(instance.dataSet()), dataSet)).toBe(0);
  }
});

test('[ARCH-5] in another transfer syntax, it is the data set alone and says the same', async () => {
  const { part10, instance } = await outgoing({ transferSyntaxUid: ExplicitVRBigEndian, pixels: counted(24) });
  for (const uid of [ExplicitVRLittleEndian, ImplicitVRLittleEndian]) {
    const dataSet = readDataSet(await bytesOf((await instance.transcoded!(uid))!), transferSyntaxOf(uid));
    expect([...dataSet.elements.get(0x7fe00010)!.value!]).toEqual([...counted(24)]);
    expect(JSON.stringify({ ...toJson(dataSet), '7FE00010': 0 })).toBe(
      JSON.stringify({ ...toJson(part10.dataSet), '7FE00010': 0 }),
    );
  }
});

test('[ARCH-5] it is not sent in a transfer syntax that it can not be had in', async () => {
  const native = await outgoing({ pixels: counted(24) });
  expect(await native.instance.transcoded!(JPEG)).toBeUndefined();
  expect(await native.instance.transcoded!('1.2.3')).toBeUndefined();
  const broken = await outgoing({ transferSyntaxUid: JPEG, fragments: [counted(24)] });
  expect(await broken.instance.transcoded!(ExplicitVRLittleEndian)).toBeUndefined();
  expect(await broken.instance.transcoded!(JPEG)).toBeUndefined();
});
