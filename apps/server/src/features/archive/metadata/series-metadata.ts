import { promisify } from 'node:util';
import { deflateRaw, inflateRaw, inflateRawSync } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/database/database.ts';
import type { StoredSeries } from '../retrieve/instance-store.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify<Buffer, Buffer>(inflateRaw);

/** Headers read at once while a series is put together. */
const ROUND = 500;

/**
 * The metadata of a series' instances as one JSON text without the brackets around it, addresses still open (see
 * stored-metadata.ts). Made once after each change of the series; then it is one read.
 */
export async function seriesMetadata(db: Kysely<Tables>, series: StoredSeries): Promise<Buffer> {
  const { rows } = await sql<{ metadata: Buffer }>`
    select metadata from series_metadata where series_id = ${series.id} and revision = ${series.revision}`.execute(db);
  return rows[0] ? inflate(rows[0].metadata) : make(db, series);
}

async function make(db: Kysely<Tables>, series: StoredSeries): Promise<Buffer> {
  const texts: Buffer[] = [];
  let after = { number: -(2 ** 31), id: 0 };
  for (;;) {
    const { rows } = await sql<{ id: number; number: number; metadata: Buffer }>`
      select id, coalesce(instance_number, 2147483647) as number, metadata
      from instance join instance_header on instance_id = id
      where series_id = ${series.id} and (coalesce(instance_number, 2147483647), id) > (${after.number}, ${after.id})
      order by coalesce(instance_number, 2147483647), id limit ${ROUND}`.execute(db);
    for (const { metadata } of rows) texts.push(inflateRawSync(metadata));
    const last = rows.at(-1);
    if (!last || rows.length < ROUND) break;
    after = last;
    // Inflating is synchronous: other requests get their turn between two rounds.
    await new Promise(setImmediate);
  }
  const whole = joined(texts);
  // Written for the revision that was read: if the series has moved on meanwhile, the next reader makes it again.
  await sql`
    insert into series_metadata (series_id, revision, metadata) values (${series.id}, ${series.revision}, ${await deflate(whole, { level: 4 })})
    on conflict (series_id) do update set revision = excluded.revision, metadata = excluded.metadata
    where series_metadata.revision < excluded.revision`.execute(db);
  return whole;
}

const COMMA = Buffer.from(',');

export function joined(texts: readonly Buffer[]): Buffer {
  return Buffer.concat(texts.flatMap((text, i) => (i === 0 ? [text] : [COMMA, text])));
}
