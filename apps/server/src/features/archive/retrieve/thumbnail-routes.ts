import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import sharp from 'sharp';
import { Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import { checkFrames, frameNumbers } from '../pixels/frame-numbers.ts';
import type { PictureType } from '../pixels/frame-tasks.ts';
import { acceptedPictures, PICTURE_TYPES } from '../pixels/picture-forms.ts';
import { findRepresentative, type Representative } from '../pixels/picture-store.ts';
import { pixelFailure } from '../pixels/pixel-problem.ts';
import { placeholderSvg } from '../pixels/placeholder.ts';
import { thumbnailViewport, type View } from '../pixels/render-parameters.ts';
import { framesToShow, NothingToShow, renderFrame } from '../pixels/rendering.ts';
import { viewOf } from '../view.ts';
import { lastingOf, notModified } from './conditional.ts';
import type { InstanceSelector } from './instance-store.ts';

/** Counts changes of how thumbnails are made. */
const VERSION = 1;
/** The longer side, unless a viewport is given. */
const SIDE = 256;
const MAX_SIDE = 1024;
const CACHE_BYTES = 64 * 1024 * 1024;

const paths = [
  '/studies/:study',
  '/studies/:study/series/:series',
  '/studies/:study/series/:series/instances/:instance',
  '/studies/:study/series/:series/instances/:instance/frames/:frames',
];

/** Small pictures that stand for a study, series, instance or frame (PS3.18 10.4.1.1.4). */
export function thumbnailRoutes(app: FastifyInstance, archive: Archive): void {
  const thumbnails = thumbnailsOf(archive);
  for (const path of paths) {
    app.get(
      `${path}/thumbnail`,
      {
        config: { action: 'instance.read' },
        schema: { tags: ['DICOMweb'], summary: 'Retrieve a thumbnail (WADO-RS)' },
      },
      (request, reply) => retrieve(archive, thumbnails, request, reply),
    );
  }
}

/** Made thumbnails by what they show: one cache for all addresses under which they are asked for. */
const caches = new WeakMap<Archive, LRUCache<string, Buffer>>();

function thumbnailsOf(archive: Archive): LRUCache<string, Buffer> {
  const known = caches.get(archive);
  if (known) return known;
  const cache = new LRUCache<string, Buffer>({ maxSize: CACHE_BYTES, sizeCalculation: ({ length }) => length + 200 });
  caches.set(archive, cache);
  return cache;
}

type Selector = InstanceSelector & { readonly frames?: string };

async function retrieve(
  archive: Archive,
  cache: LRUCache<string, Buffer>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const query = request.query as Record<string, unknown>;
  const viewport = sized(thumbnailViewport(query));
  const accept = typeof query.accept === 'string' ? query.accept : request.headers.accept;
  const type = acceptedPictures(accept).find(({ kind }) => kind !== 'parts')?.type;
  if (!type) throw new Problem('not-acceptable', { reason: 'Thumbnails are pictures.', available: [...PICTURE_TYPES] });
  const { frames, ...selector } = request.params as Selector;
  const [frame, ...more] = frames === undefined ? [] : frameNumbers(frames);
  if (more.length > 0) throw invalidFrames();
  const picture = await findRepresentative(archive.pool, view.ids, selector);
  if (!picture)
    throw new Problem('not-found', { what: selector.instance ? 'instance' : selector.series ? 'series' : 'study' });
  const key = JSON.stringify([VERSION, picture.sha256, picture.modality, frame, viewport, type]);
  // What stands for a study or series changes as it grows.
  if (notModified(request, reply, [picture.sha256], key, lastingOf(selector))) return reply;
  try {
    const made = cache.get(key) ?? (await make({ archive, picture, frame, viewport, type, signal: request.signal }));
    cache.set(key, made);
    return reply.type(type).send(made);
  } catch (error) {
    // Nobody is there to be told.
    if (request.signal.aborted) return reply.hijack();
    throw error;
  }
}

const invalidFrames = (): Problem =>
  new Problem('invalid-request', { fields: [{ field: 'path.frames', problem: 'is one frame number' }] });

type Size = View & { readonly width: number; readonly height: number };

function sized(viewport: View | undefined): Size {
  const { width = SIDE, height = SIDE, ...rest } = viewport ?? {};
  return { ...rest, width: Math.min(width, MAX_SIDE), height: Math.min(height, MAX_SIDE) };
}

interface Wanted {
  readonly archive: Archive;
  readonly picture: Representative;
  readonly frame: number | undefined;
  readonly viewport: Size;
  readonly type: PictureType;
  readonly signal: AbortSignal;
}

/** The picture, or one that says what the instance is, or why it can't be shown. */
async function make(wanted: Wanted): Promise<Buffer> {
  const { archive, picture, viewport, type, signal } = wanted;
  try {
    const index = await framesToShow(archive, picture);
    checkFrames(wanted.frame === undefined ? [] : [wanted.frame], index.numberOfFrames);
    const frame = wanted.frame ?? Math.ceil(index.numberOfFrames / 2);
    return await renderFrame(archive, picture, index, frame, { type, viewport, annotation: [], quality: 85 }, signal);
  } catch (error) {
    if (pixelFailure(error) === undefined) throw error;
    return placeholder(wanted, error);
  }
}

function placeholder({ picture, viewport, type }: Wanted, error: unknown): Promise<Buffer> {
  const shown = error instanceof NothingToShow ? undefined : 'cannot be shown';
  const { width, height } = viewport;
  const svg = placeholderSvg(picture.modality || 'DICOM', shown, width, height);
  const drawn = sharp(Buffer.from(svg)).removeAlpha();
  return (type === 'image/png' ? drawn.png() : drawn.jpeg({ quality: 85 })).toBuffer();
}
