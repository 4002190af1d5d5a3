import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { openStorage, type Storage } from '../storage/index.ts';
import { codeOf, type Finding, verdicts } from './finding.ts';

const PROBE_BYTES = 4096;

/** An object can be put, read back and deleted. */
export async function checkStorage(config: Config): Promise<Finding> {
  const { ok, fail } = verdicts('object store');
  const where = config.s3
    ? `bucket ${config.s3.bucket}${config.s3.endpoint ? ` at ${config.s3.endpoint}` : ''}`
    : 'files';
  const remedy = config.s3
    ? 'Check endpoint, bucket, region, keys and their rights (ISOCENTER_S3_*): objects are put, read, listed and deleted.'
    : 'Check that this user may write below the data folder, and that the disk has room.';
  let storage: Storage | undefined;
  try {
    storage = await openStorage(config);
    const ms = await roundTrip(storage);
    return ok(`${where}${config.storageKeyFile === undefined ? '' : ', encrypted'}: put, read and deleted in ${ms} ms`);
  } catch (error) {
    return fail(`${where}: ${(error as Error).message} (${codeOf(error)})`, remedy);
  } finally {
    await storage?.close();
  }
}

async function roundTrip({ spool, objects }: Storage): Promise<number> {
  const began = performance.now();
  const probe = randomBytes(PROBE_BYTES);
  const file = await spool.create();
  await file.write(probe);
  const spooled = await file.finish();
  await objects.put(spooled.sha256, spooled);
  try {
    const read = await objects.read(spooled.sha256);
    if (!read.equals(probe)) throw new Error('what was read is not what was put');
  } finally {
    await objects.delete(spooled.sha256);
  }
  return Math.ceil(performance.now() - began);
}
