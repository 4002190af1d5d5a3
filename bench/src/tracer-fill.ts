import { setTimeout as pause } from 'node:timers/promises';
import { appendLeaves, edgeTiles, type TileContent } from '@isocenter/ledger';

/** What of a database the filling needs. */
export interface Queries {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** Entries of one statement: 1,024 full tiles. */
const CHUNK = 262_144;

/**
 * Makes the log as long as `size` as if all of it had been recorded and placed: entries, what they are searched by, and the
 * whole tree. People, studies and actions come as often as in a large hospital.
 */
export async function fillLog(pool: Queries, size: number): Promise<void> {
  // What the server recorded at its start comes first.
  while ((await pool.query('select from log_pending limit 1')).rows.length > 0) await pause(50);
  const { rows } = await pool.query<{ size: number }>('select size from log_head');
  let [at, edge] = [rows[0]!.size, await readEdge(pool, rows[0]!.size)];
  while (at < size) {
    const next = Math.min(size, at - (at % CHUNK) + CHUNK);
    const hashes = await insertEntries(pool, at, next);
    const grown = await appendLeaves(at, edge, hashes);
    await writeTiles(pool, grown.changed);
    await pool.query("update log_head set size = $1, root = $2, note = 'filled'", [next, Buffer.from(grown.root)]);
    edge = await readEdge(pool, next);
    at = next;
    process.stderr.write(`\rfilled ${at} of ${size}`);
  }
  process.stderr.write('\n');
  await pool.query('vacuum analyze log_entry, log_object, log_tile');
}

async function insertEntries(pool: Queries, from: number, to: number): Promise<Buffer[]> {
  const { rows } = await pool.query<{ hashes: Buffer }>(
    `with made as (
       select leaf, timestamptz '2026-01-01' + leaf * interval '37 milliseconds' as at, 'user:person-' || (leaf * 7919 % 400) as actor,
         (array['study.view', 'study.search', 'instance.store', 'instance.retrieve', 'study.export', 'study.export-end', 'session.begin',
           'session.end', 'study.delete', 'job.retry'])[1 + (leaf * 31 % 97) % 10] as action,
         case when leaf % 1009 = 0 then 'denied' else 'done' end as outcome, 'project-' || (leaf % 53) as project,
         'study:' || left(md5((leaf * 104729 % 60000)::text), 22) as object
       from generate_series($1::bigint, $2::bigint - 1) as leaf
     ), entered as (
       insert into log_entry (leaf, id, at, actor, action, outcome, project, body)
       select leaf, gen_random_uuid(), at, actor, action, outcome, project, json_build_object('action', action, 'actor', actor, 'id', leaf,
         'objects', json_build_array(object, repeat('0', 200)), 'outcome', outcome, 'project', project, 'time', at, 'v', 1)::text
       from made returning leaf, body
     ), found as (
       insert into log_object (object, at, leaf) select object, at, leaf from made
     )
     select string_agg(sha256('\\x00'::bytea || convert_to(body, 'UTF8')), '' order by leaf) as hashes from entered`,
    [from, to],
  );
  const all = rows[0]!.hashes;
  return Array.from({ length: to - from }, (_, i) => all.subarray(i * 32, (i + 1) * 32));
}

async function readEdge(pool: Queries, size: number): Promise<TileContent[]> {
  const edge: TileContent[] = [];
  for (const { level, index, width } of edgeTiles(size)) {
    const { rows } = await pool.query<{ hashes: Buffer }>(
      'select hashes from log_tile where level = $1 and index = $2',
      [level, index],
    );
    edge.push({ level, index, width, hashes: rows[0]!.hashes });
  }
  return edge;
}

async function writeTiles(pool: Queries, tiles: readonly TileContent[]): Promise<void> {
  await pool.query(
    `insert into log_tile (level, index, hashes) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
     on conflict (level, index) do update set hashes = excluded.hashes`,
    [tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ hashes }) => Buffer.from(hashes))],
  );
}
