import {
  actorKey,
  decide,
  getConsistencyProof,
  getInclusionProof,
  getLogEntry,
  getLogInfo,
  type LogInfo,
  type LogQuery,
  listLogEntries,
  objectKey,
} from '@isocenter/contract';
import {
  encodeBundle,
  formatVerifier,
  HASH_BYTES,
  parseTilePath,
  proveConsistency,
  proveInclusion,
  TILE_WIDTH,
  tileAt,
  toBase64,
} from '@isocenter/ledger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { type Caller, endpoint, Problem } from '../../platform/http/index.ts';
import { actorOf, type Tracer } from '../../platform/tracer/index.ts';
import { type EntryFilter, type Sight, searchEntries } from './entry-search.ts';
import { readEntries, readEntry, readHead, tileReader } from './log-store.ts';

export interface LogRoutesParts {
  readonly pool: Pool;
  readonly tracer: Tracer;
}

/** The log: as files that any program can mirror (C2SP tlog-tiles), proofs, and a list to search. */
export function logRoutes(app: FastifyInstance, parts: LogRoutesParts): void {
  staticFiles(app, parts);
  proofs(app, parts);
  const { pool, tracer } = parts;
  endpoint(app, getLogInfo, async (_input, { request }) => {
    const { size } = await readHead(pool);
    return {
      origin: tracer.signer.name,
      key: formatVerifier(tracer.signer),
      size,
      sees: seesOf(sightOf(request.caller)),
    };
  });
  endpoint(app, listLogEntries, async ({ query }, { request }) => {
    return searchEntries(pool, filterOf(query, sightOf(request.caller), tracer), query.after, query.limit);
  });
  endpoint(app, getLogEntry, async ({ params: { leaf } }, { request }) => {
    const entry = await readEntry(pool, leaf);
    if (entry === undefined || !isInSight(entry, sightOf(request.caller)))
      throw new Problem('not-found', { what: 'entry' });
    return { leaf, body: entry.body };
  });
}

/** Who may not read all finds what they did, and what was done with the data of projects that they manage. */
function sightOf(caller: Caller): Sight | undefined {
  if (decide(caller, 'log.read-all') === 'allowed') return undefined;
  const projects = caller.holdings.flatMap(({ project }) =>
    project !== null && decide(caller, 'log.read-project', { project }) === 'allowed' ? [project] : [],
  );
  return { actor: actorKey(actorOf(caller)), projects: [...new Set(projects)] };
}

const seesOf = (sight: Sight | undefined): LogInfo['sees'] =>
  sight === undefined ? 'all' : sight.projects.length > 0 ? 'projects' : 'own';

const isInSight = ({ actor, project }: { actor: string; project: string | null }, sight: Sight | undefined): boolean =>
  sight === undefined || actor === sight.actor || (project !== null && sight.projects.includes(project));

function filterOf(query: LogQuery, sight: Sight | undefined, tracer: Tracer): EntryFilter {
  const { actor, project, from, to } = query;
  const object =
    query.study === undefined ? query.object : objectKey(tracer.objectOf({ kind: 'study', id: query.study }));
  return {
    actions: query.action,
    outcomes: query.outcome,
    ...(sight !== undefined && { sight }),
    ...(actor !== undefined && { actor }),
    ...(object !== undefined && { object }),
    ...(project !== undefined && { project }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function proofs(app: FastifyInstance, { pool }: LogRoutesParts): void {
  const read = tileReader(pool);
  const sizeUpTo = async (wanted: number | undefined, field: string): Promise<number> => {
    const { size } = await readHead(pool);
    if (wanted !== undefined && wanted > size) throw tooLarge(field, size);
    return wanted ?? size;
  };
  endpoint(app, getInclusionProof, async ({ query }) => {
    const { leaf } = query;
    const size = await sizeUpTo(query.size, 'query.size');
    if (leaf >= size) throw tooLarge('query.leaf', size - 1);
    const own = tileAt(0, Math.floor(leaf / TILE_WIDTH), size);
    let leafHash = '';
    // The tile of the leaf is read with those of the proof, in one go.
    const hashes = await proveInclusion(leaf, size, async (tiles) => {
      const [tile = new Uint8Array(0), ...others] = await read([own, ...tiles]);
      leafHash = toBase64(tile.subarray((leaf % TILE_WIDTH) * HASH_BYTES).subarray(0, HASH_BYTES));
      return others;
    });
    return { leaf, size, leafHash, hashes: hashes.map(toBase64) };
  });
  endpoint(app, getConsistencyProof, async ({ query: { from, to: wanted } }) => {
    const to = await sizeUpTo(wanted, 'query.to');
    if (from > to) throw tooLarge('query.from', to);
    const hashes = await proveConsistency(from, to, read);
    return { from, to, hashes: hashes.map(toBase64) };
  });
}

const tooLarge = (field: string, most: number): Problem =>
  new Problem('invalid-request', { fields: [{ field, problem: `must be at most ${most}: the log isn't longer` }] });

/** Addresses of C2SP tlog-tiles under `/api/log`. */
function staticFiles(app: FastifyInstance, { pool }: LogRoutesParts): void {
  const read = tileReader(pool);
  const schema = (summary: string) => ({ tags: ['Tracer'], summary });
  app.get(
    '/api/log/checkpoint',
    {
      config: { action: 'log.read' },
      schema: schema('The checkpoint: size and root of the log, signed (C2SP tlog-checkpoint)'),
    },
    async (_request, reply) => {
      const { note } = await readHead(pool);
      if (note === null) throw new Problem('not-found', { what: 'checkpoint: nothing is recorded yet' });
      return reply.header('cache-control', 'private, no-cache').type('text/plain; charset=utf-8').send(note);
    },
  );
  app.get(
    '/api/log/tile/:level/*',
    { config: { action: 'log.read' }, schema: schema('Hashes of the tree (C2SP tlog-tiles)') },
    async (request, reply) => {
      const tile = placeOf(request);
      if (tile.level === 'entries') throw noTile();
      const [hashes] = await read([{ ...tile, level: tile.level }]);
      if (hashes!.length === 0) throw noTile();
      return sendLasting(reply, hashes!);
    },
  );
  app.get(
    '/api/log/tile/entries/*',
    { config: { action: 'log.read-all' }, schema: schema('Entries of the log, 256 in a file (C2SP tlog-tiles)') },
    async (request, reply) => {
      const { index, width } = placeOf(request);
      const entries = await readEntries(pool, index, width);
      if (entries.length < width) throw noTile();
      return sendLasting(reply, encodeBundle(entries));
    },
  );
}

function placeOf({ url }: FastifyRequest): NonNullable<ReturnType<typeof parseTilePath>> {
  const place = parseTilePath(url.slice('/api/log/'.length).replace(/\?.*$/, ''));
  if (place === undefined) throw noTile();
  return place;
}

const noTile = (): Problem => new Problem('not-found', { what: 'tile' });

/** What is at such an address never changes, also of a tile that isn't full: its address says how wide it is. */
const sendLasting = (reply: FastifyReply, bytes: Uint8Array): FastifyReply =>
  reply
    .header('cache-control', 'private, max-age=31536000, immutable')
    .type('application/octet-stream')
    .send(Buffer.from(bytes));
