import {
  type Appended,
  appendLeaves,
  edgeTiles,
  type Signer,
  signCheckpoint,
  type TileContent,
} from '@isocenter/ledger';
import type { ClientBase, Pool } from 'pg';
import type { Log } from '../log.ts';

export interface SequencerParts {
  readonly pool: Pool;
  readonly signer: Signer;
  readonly log: Log;
}

/** Held while entries are put in their places, so that of all servers one does it at a time. */
const ADVISORY_LOCK = 0x150c3e7f;

/** Entries of one transaction. */
const BATCH = 2048;

/** Entries that come together share a checkpoint. */
const GATHER_MS = 100;

/** Entries of workers, and of servers that died, are found so late at the latest. */
const POLL_MS = 1000;

/**
 * Gives committed entries their places in the tree. All that a step does is one transaction: killed anywhere, either
 * nothing of it has happened, or all of it, checkpoint included.
 */
export class Sequencer {
  readonly #parts: SequencerParts;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: SequencerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#poll = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  /** Looks for entries soon. */
  wake(): void {
    if (this.#stopped || this.#poll === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.run().catch((error: unknown) =>
        this.#parts.log.warn({ err: error }, 'entries of the log wait for their places'),
      );
    }, GATHER_MS);
  }

  /** Gives every entry its place that is committed now, unless another process is at it. */
  async run(): Promise<void> {
    while (this.#running !== undefined) await this.#running.catch(() => undefined);
    this.#running = this.#runOnce();
    try {
      await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  /** After the last action. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#poll);
    clearTimeout(this.#timer);
    if (this.#poll !== undefined) await this.run();
  }

  async #runOnce(): Promise<void> {
    const client = await this.#parts.pool.connect();
    let broken: Error | undefined;
    try {
      while ((await sequence(client, this.#parts.signer)) === BATCH);
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

/** One step. Answers how many entries it has placed. */
async function sequence(client: ClientBase, signer: Signer): Promise<number> {
  await client.query('begin');
  try {
    const placed = await step(client, signer);
    await client.query('commit');
    return placed;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function step(client: ClientBase, signer: Signer): Promise<number> {
  const { rows: locked } = await client.query<{ ours: boolean; waiting: boolean }>(
    'select pg_try_advisory_xact_lock($1) as ours, exists (select from log_pending) as waiting',
    [ADVISORY_LOCK],
  );
  if (locked[0]?.ours !== true || !locked[0].waiting) return 0;
  const { rows: heads } = await client.query<{ size: number }>('select size from log_head for update');
  const size = heads[0]!.size;
  const { rows } = await client.query<{ hash: Buffer }>('select hash from log_move($1, $2)', [size, BATCH]);
  if (rows.length === 0) return 0;
  const grown = await appendLeaves(
    size,
    await readEdge(client, size),
    rows.map(({ hash }) => hash),
  );
  await write(client, grown, signer);
  return rows.length;
}

async function readEdge(client: ClientBase, size: number): Promise<TileContent[]> {
  const edge = edgeTiles(size);
  const { rows } = await client.query<{ level: number; index: number; hashes: Buffer }>(
    `select level, index, hashes from log_tile
     join unnest($1::smallint[], $2::bigint[]) as wanted (level, index) using (level, index)`,
    [edge.map(({ level }) => level), edge.map(({ index }) => index)],
  );
  return rows.map(({ level, index, hashes }) => ({ level, index, width: hashes.length / 32, hashes }));
}

async function write(client: ClientBase, { size, root, changed }: Appended, signer: Signer): Promise<void> {
  await client.query(
    `insert into log_tile (level, index, hashes) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
     on conflict (level, index) do update set hashes = excluded.hashes`,
    [
      changed.map(({ level }) => level),
      changed.map(({ index }) => index),
      changed.map(({ hashes }) => Buffer.from(hashes)),
    ],
  );
  const note = signCheckpoint({ origin: signer.name, size, root }, signer);
  await client.query('update log_head set size = $1, root = $2, note = $3', [size, Buffer.from(root), note]);
}
