import type { JsonDataSet } from '@isocenter/dicom';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Archive } from '../archive.ts';
import { sendDataSets } from '../media/data-set-answer.ts';
import { parseStored } from '../metadata/stored-metadata.ts';
import { viewOf } from '../view.ts';
import { answers, inTagOrder } from './search-answer.ts';
import type { Level } from './search-attributes.ts';
import { parseSearch, type SearchQuery } from './search-query.ts';
import { type Found, headersOf, search, type Within } from './search-store.ts';

/** QIDO-RS (PS3.18 10.6): what is searched, and where. */
const resources: readonly (readonly [path: string, level: Level])[] = [
  ['/studies', 'study'],
  ['/series', 'series'],
  ['/instances', 'instance'],
  ['/studies/:study/series', 'series'],
  ['/studies/:study/instances', 'instance'],
  ['/studies/:study/series/:series/instances', 'instance'],
];

export function searchRoutes(app: FastifyInstance, archive: Archive): void {
  for (const [path, level] of resources) {
    app.get(
      path,
      {
        config: { action: 'study.read' },
        schema: { tags: ['DICOMweb'], summary: `Search on ${level} level (QIDO-RS)` },
      },
      (request, reply) => answerSearch(archive, level, request, reply),
    );
  }
}

async function answerSearch(
  archive: Archive,
  level: Level,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const query = parseSearch(level, request.query as Record<string, string | string[]>);
  const within = request.params as Within;
  const found = await search(archive.db, view.ids, query, within);
  if (found.length > query.limit) {
    found.length = query.limit;
    reply.header(
      'warning',
      `299 ${new URL(view.base).host} "There are more results than these ${query.limit}. Use offset and limit to get them."`,
    );
  }
  if (found.length === 0) return reply.code(204).send();
  const nested = level === 'instance' ? within.series !== undefined : within.study !== undefined;
  const dataSets = await answerAll(archive, query, found, view.base, nested);
  return sendDataSets(reply, request, dataSets);
}

async function answerAll(
  archive: Archive,
  query: SearchQuery,
  found: readonly Found[Level][],
  base: string,
  nested: boolean,
): Promise<JsonDataSet[]> {
  const answer = answers[query.level] as (found: Found[Level], base: string, nested: boolean) => JsonDataSet;
  const usual = found.map((row) => answer(row, base, nested));
  const wanted = query.includeAll || query.include.size > 0;
  if (!wanted) return usual.map(inTagOrder);
  const ids = found.flatMap(({ any_instance }) => (any_instance === null ? [] : [any_instance]));
  const headers = await headersOf(archive.db, ids);
  return usual.map((json, i) => {
    const header = headers.get(found[i]!.any_instance ?? -1);
    return inTagOrder(header ? { ...chosen(parseStored(header, base), query), ...json } : json);
  });
}

/** Attributes of the instance level do not describe a study or series: only asked-for ones are taken over. */
function chosen(header: JsonDataSet, { level, include, includeAll }: SearchQuery): JsonDataSet {
  const all = includeAll && level === 'instance';
  return Object.fromEntries(Object.entries(header).filter(([tag]) => all || include.has(tag)));
}
