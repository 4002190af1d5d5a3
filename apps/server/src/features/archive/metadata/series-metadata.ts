import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../../../platform/database/database.ts';
import { notShadowed, type StoredSeries } from '../retrieve/instance-store.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify<Buffer, Buffer>(inflateRaw);

/** Headers read at once while a series is put together. */
const ROUND = 500;

/**
 * The metadata of a series' instances as one JSON text without the brackets around it, addresses still open (see
 * stored-metadata.ts). Made once after each change of the series; then it is one read.
 *
 * @param series the series in each area that it stands in. What they are together is put together each time.
 */
export async function seriesMetadata(
  db: Kysely<Tables>,
  areas: readonly number[],
  series: readonly [StoredSeries, ...StoredSeries[]],
): Promise<Buffer> {
  const [{ id, revision }, ...others] = series;
  if (others.length > 0)
    return read(db, sql`series_id = any(${series.map((each) => each.id)}) and ${notShadowed(areas)}`);
  const { rows } = await sql<{ metadata: Buffer }>`
    select metadata from series_metadata where series_id = ${id} and revision = ${revision}`.execute(db);
  if (rows[0]) return inflate(rows[0].metadata);
  const whole = await read(db, sql`series_id = ${id}`);
  // The answer doesn't wait for it; when it fails, the next reader makes it again.
  keep(db, id, revision, whole).catch(() => undefined);
  return whole;
}

/** For the revision that was read: if the series has moved on meanwhile, the next reader makes it again. */
async function keep(db: Kysely<Tables>, series: number, revision: number, whole: Buffer): Promise<void> {
  await sql`
    insert into series_metadata (series_id, revision, metadata) values (${series}, ${revision}, ${await deflate(whole, { level: 4 })})
    on conflict (series_id) do update set revision = excluded.revision, metadata = excluded.metadata
    where series_metadata.revision < excluded.revision`.execute(db);
}

async function read(db: Kysely<Tables>, which: RawBuilder<unknown>): Promise<Buffer> {
  const texts: Buffer[] = [];
  let after = { number: -(2 ** 31), id: 0 };
  for (;;) {
    const { rows } = await sql<{ id: number; number: number; metadata: Buffer }>`
      select id, coalesce(instance_number, 2147483647) as number, metadata
      from instance join instance_header on instance_id = id
      where ${which} and (coalesce(instance_number, 2147483647), id) > (${after.number}, ${after.id})
      order by coalesce(instance_number, 2147483647), id limit ${ROUND}`.execute(db);
    for (const { metadata } of rows) texts.push(metadata);
    const last = rows.at(-1);
    if (!last || rows.length < ROUND) return joined(texts);
    after = last;
  }
}

const COMMA = Buffer.from(',');

export function joined(texts: readonly Buffer[]): Buffer {
  return Buffer.concat(texts.flatMap((text, i) => (i === 0 ? [text] : [COMMA, text])));
}
