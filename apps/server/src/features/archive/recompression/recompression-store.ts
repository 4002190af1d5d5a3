import type { Sha256 } from '@isocenter/contract';
import { ExplicitVRLittleEndian, ImplicitVRLittleEndian } from '@isocenter/dicom';
import type { Pool } from 'pg';
import { type Claim, endClaims } from '../ingest/claim-store.ts';
import type { PixelDataLocation } from '../ingest/instance-record.ts';

/** Below, the container's own header eats the gain; above, making it again takes too long. */
const SMALLEST = 16 * 1024;
const LARGEST = 1024 * 1024 * 1024;

const bytesOf = (sha256: Sha256): Buffer => Buffer.from(sha256, 'hex');

export interface Candidate {
  readonly instanceId: number;
  readonly sha256: Sha256;
  readonly size: number;
  readonly pixelData: PixelDataLocation;
}

/** Native little-endian images that nobody has tried yet, in order of arrival. */
export async function candidates(pool: Pool, after: number, limit: number): Promise<Candidate[]> {
  const { rows } = await pool.query<Candidate>(
    `select instance.id as "instanceId", encode(sha256, 'hex') as sha256, size_bytes as size, pixel_data as "pixelData"
     from instance join instance_header on instance_id = instance.id
     where instance.id > $1 and pixel_data is not null and transfer_syntax_uid = any($2) and size_bytes between $3 and $4
       and bits_allocated in (8, 16)
       and not exists (select from recompressed_object where recompressed_object.sha256 = instance.sha256)
     order by instance.id limit $5`,
    [after, [ExplicitVRLittleEndian, ImplicitVRLittleEndian], SMALLEST, LARGEST, limit],
  );
  return rows;
}

/** Where the object lies that the original is made of; undefined when there is none. */
export async function containerOf(pool: Pool, sha256: Sha256): Promise<Sha256 | undefined> {
  const { rows } = await pool.query<{ container: string }>({
    name: 'container-of',
    text: "select encode(container, 'hex') as container from recompressed_object where sha256 = $1 and container is not null",
    values: [bytesOf(sha256)],
  });
  return rows[0]?.container as Sha256 | undefined;
}

export async function notWorthIt(pool: Pool, { sha256, size }: Candidate, sizeAfter: number): Promise<void> {
  await pool.query(
    'insert into recompressed_object (sha256, size_before, size_after) values ($1, $2, $3) on conflict do nothing',
    [bytesOf(sha256), size, sizeAfter],
  );
}

/** From now on the original may go. */
export async function recordContainer(
  pool: Pool,
  { sha256, size }: Candidate,
  claim: Claim,
  sizeAfter: number,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into recompressed_object (sha256, container, size_before, size_after) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [bytesOf(sha256), bytesOf(claim.sha256), size, sizeAfter],
    );
    await endClaims(client, [claim]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** Originals that have stayed long enough. */
export async function removableOriginals(pool: Pool, afterMinutes: number, limit: number): Promise<Sha256[]> {
  const { rows } = await pool.query<{ sha256: Sha256 }>(
    `select encode(sha256, 'hex') as sha256 from recompressed_object
     where container is not null and not original_removed and recompressed_at < now() - make_interval(mins => $1)
     order by recompressed_at limit $2`,
    [afterMinutes, limit],
  );
  return rows.map(({ sha256 }) => sha256);
}

export const originalRemoved = (pool: Pool, sha256: Sha256): Promise<unknown> =>
  pool.query('update recompressed_object set original_removed = true where sha256 = $1', [bytesOf(sha256)]);

export const forget = (pool: Pool, sha256: Sha256): Promise<unknown> =>
  pool.query('delete from recompressed_object where sha256 = $1', [bytesOf(sha256)]);
