import { makePerson } from '@isocenter/testkit';
import { openEmbeddedDatabase } from '@isocenter/testkit/embedded-database';
import type { ArchivePeer } from './archive-peer.ts';
import { measureThroughput, type Throughput } from './images.ts';
import { startIsocenter } from './isocenter.ts';
import { type Measure, printMeasures } from './report.ts';

/** Each way so often, one after the other, so that a slow moment of the machine meets both; the best counts. */
const ROUNDS = 3;

/** Signing in and the log together may cost a tenth. */
const LEAST_RATIO = 0.9;

/** What the log writes, without the writing: the rest of the program stays as it is. */
const unwritten = `
  create or replace function log_record(entries json) returns void language sql as 'select';
  create or replace function enter_instances_traced(batch json, headers bytea, entries json)
  returns table (place integer, sha256 bytea, data_set_offset integer, size_bytes bigint, series_instance_uid text)
  language sql as 'select * from enter_instances(batch, headers)'`;

type Alone = <T>(
  start: (folder: string) => Promise<ArchivePeer>,
  measure: (peer: ArchivePeer) => Promise<T>,
) => Promise<T>;

/** What it costs to know who asks and to record it: as a person with an access token, beside the configured token unrecorded. */
export async function benchGuards(alone: Alone): Promise<void> {
  let [guarded, bare]: Throughput[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare = better(bare, await alone(startUnrecorded, measureThroughput));
    guarded = better(guarded, await alone(startAsPerson, measureThroughput));
  }
  const line = (what: string, key: keyof Throughput): Measure => ({
    what,
    unit: '/s',
    ours: guarded![key],
    peer: bare![key],
    better: 'more',
    goal: LEAST_RATIO,
  });
  printMeasures(
    'What signing in and the tracer cost the archive',
    [
      line('STOW-RS, one instance a request', 'storeOne'),
      line('STOW-RS, ten instances a request', 'storeTen'),
      line('frames', 'framesPerSecond'),
    ],
    ['guarded', 'bare'],
  );
}

const better = (before: Throughput | undefined, now: Throughput): Throughput => ({
  storeOne: Math.max(before?.storeOne ?? 0, now.storeOne),
  storeTen: Math.max(before?.storeTen ?? 0, now.storeTen),
  framesPerSecond: Math.max(before?.framesPerSecond ?? 0, now.framesPerSecond),
});

async function startAsPerson(folder: string): Promise<ArchivePeer> {
  const peer = await startIsocenter(folder);
  const database = await openEmbeddedDatabase(folder, 2);
  try {
    const { token } = await makePerson(database, { name: 'Someone', nodeRoles: ['administrator'] });
    return { ...peer, headers: { authorization: `Bearer ${token}` } };
  } finally {
    await database.close();
  }
}

async function startUnrecorded(folder: string): Promise<ArchivePeer> {
  const peer = await startIsocenter(folder);
  const database = await openEmbeddedDatabase(folder, 2);
  try {
    await database.pool.query(unwritten);
    return peer;
  } finally {
    await database.close();
  }
}
