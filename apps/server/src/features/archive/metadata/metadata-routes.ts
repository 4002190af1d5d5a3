import type { JsonDataSet } from '@isocenter/dicom';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import { dataSetForm, sendDataSets, sendJson } from '../media/data-set-answer.ts';
import { notModified } from '../retrieve/conditional.ts';
import { findInstance, findSeries, type InstanceSelector, type StoredSeries } from '../retrieve/instance-store.ts';
import { viewOf } from '../view.ts';
import { joined, seriesMetadata } from './series-metadata.ts';
import { withBase } from './stored-metadata.ts';

/** WADO-RS metadata (PS3.18 10.4.1.1.2). */
export function metadataRoutes(app: FastifyInstance, archive: Archive): void {
  const options = {
    config: { action: 'instance.read' as const },
    schema: { tags: ['DICOMweb'], summary: 'Retrieve metadata (WADO-RS)' },
  };
  app.get('/studies/:study/metadata', options, (request, reply) => ofSeries(archive, request, reply));
  app.get('/studies/:study/series/:series/metadata', options, (request, reply) => ofSeries(archive, request, reply));
  app.get('/studies/:study/series/:series/instances/:instance/metadata', options, (request, reply) =>
    ofInstance(archive, request, reply),
  );
}

async function ofSeries(archive: Archive, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const selector = request.params as InstanceSelector;
  const form = dataSetForm(request);
  const series = await findSeries(archive.db, view.ids, selector);
  if (series.length === 0) throw new Problem('not-found', { what: selector.series ? 'series' : 'study' });
  const contents = [...series.map(({ id, revision }) => `${id}.${revision}`), view.base, form];
  if (notModified(request, reply, contents, 'metadata', 'growing')) return reply;
  const texts: Buffer[] = [];
  for (const each of inAllAreas(series)) texts.push(await seriesMetadata(archive.db, view.ids, each));
  return sendTexts(request, reply, withBase(joined(texts.filter(({ length }) => length > 0)), view.base), form);
}

/** Brings together what is one series in several areas, at the place of the first. */
function inAllAreas(series: readonly StoredSeries[]): [StoredSeries, ...StoredSeries[]][] {
  const byUid = new Map<string, [StoredSeries, ...StoredSeries[]]>();
  for (const each of series) {
    const known = byUid.get(each.seriesInstanceUid);
    if (known) known.push(each);
    else byUid.set(each.seriesInstanceUid, [each]);
  }
  return [...byUid.values()];
}

async function ofInstance(archive: Archive, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const form = dataSetForm(request);
  const instance = await findInstance(archive.db, view.ids, request.params as Required<InstanceSelector>);
  if (!instance) throw new Problem('not-found', { what: 'instance' });
  if (notModified(request, reply, [instance.sha256, view.base, form], 'metadata', 'growing')) return reply;
  return sendTexts(request, reply, withBase(instance.metadata, view.base), form);
}

const [OPEN, CLOSE] = [Buffer.from('['), Buffer.from(']')];

function sendTexts(request: FastifyRequest, reply: FastifyReply, text: Buffer, form: 'json' | 'xml'): FastifyReply {
  const json = Buffer.concat([OPEN, text, CLOSE]);
  if (form === 'xml') return sendDataSets(reply, request, JSON.parse(json.toString('utf8')) as JsonDataSet[]);
  return sendJson(reply, json);
}
