import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import { type OutgoingPart, writeMultipart } from '../media/multipart-writer.ts';
import { sendStream } from '../media/send-stream.ts';
import { checkFrames, frameNumbers } from '../pixels/frame-numbers.ts';
import { inOrder } from '../pixels/in-order.ts';
import { type AcceptedPicture, acceptedPictures, PICTURE_TYPES } from '../pixels/picture-forms.ts';
import { findRepresentative, type Picture } from '../pixels/picture-store.ts';
import { pixelFailure, pixelProblem } from '../pixels/pixel-problem.ts';
import { renderParameters } from '../pixels/render-parameters.ts';
import { framesToShow, type Rendering, renderFrame } from '../pixels/rendering.ts';
import { viewOf } from '../view.ts';
import { lastingOf, notModified } from './conditional.ts';
import { findInstances, type InstanceSelector } from './instance-store.ts';

/** Counts changes of how pictures are made: those kept by clients are then made anew. */
const VERSION = 1;
/** Pictures made while those before them are sent. */
const AHEAD = 2;

const DESCRIPTION =
  'JPEG or PNG by Accept, several pictures as multipart/related. Query: window=center,width,function (linear, linear-exact or ' +
  'sigmoid); viewport=width,height or width,height,x,y,width,height (a negative width or height mirrors); quality=1 to 100; ' +
  'annotation=patient,technique (patient in the landing zone only); iccprofile (no effect: pictures are sRGB).';

const paths = [
  '/studies/:study',
  '/studies/:study/series/:series',
  '/studies/:study/series/:series/instances/:instance',
  '/studies/:study/series/:series/instances/:instance/frames/:frames',
];

/** Rendered pictures (PS3.18 10.4.1.1.3): of a frame, an instance, or of every instance of a series or study. */
export function renderedRoutes(app: FastifyInstance, archive: Archive): void {
  for (const path of paths) {
    app.get(
      `${path}/rendered`,
      {
        config: { action: 'instance.read' },
        schema: { tags: ['DICOMweb'], summary: 'Retrieve as pictures (WADO-RS rendered)', description: DESCRIPTION },
      },
      (request, reply) => retrieve(archive, request, reply),
    );
  }
}

type Selector = InstanceSelector & { readonly frames?: string };

/** One picture to be made. */
interface Wanted {
  readonly picture: Picture;
  /** From 1. */
  readonly frame: number;
  /** Address of what it shows. */
  readonly location: string;
}

async function retrieve(archive: Archive, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const query = request.query as Record<string, unknown>;
  const parameters = renderParameters(query);
  const accept = typeof query.accept === 'string' ? query.accept : request.headers.accept;
  const { frames, ...selector } = request.params as Selector;
  const numbers = frames === undefined ? undefined : frameNumbers(frames);
  const accepted = chosen(acceptedPictures(accept), selector, numbers);
  try {
    const wanted = await wantedOf(archive, view, selector, numbers, accepted.kind === 'parts');
    const rendering: Rendering = { ...parameters, type: accepted.type };
    // The zone decides whether patients' data may be burnt in.
    const shown = wanted.map(({ picture, frame }) => [picture.zone, frame]);
    const variant = JSON.stringify([VERSION, accepted, parameters, shown]);
    const contents = wanted.map(({ picture }) => picture.sha256);
    if (notModified(request, reply, contents, variant, lastingOf(selector))) return reply;
    const make = (i: number): Promise<Buffer> => pictureOf(archive, wanted[i]!, rendering, request.signal);
    if (accepted.kind === 'alone') return reply.type(accepted.type).send(await make(0));
    const first = await firstOf(wanted.length, make);
    const { contentType, stream } = writeMultipart(accepted.type, parts(wanted, accepted.type, first, make));
    return sendStream(reply.type(contentType), stream);
  } catch (error) {
    // Nobody is there to be told.
    if (request.signal.aborted) return reply.hijack();
    throw pixelProblem(error, []);
  }
}

/** Several pictures go as parts; one alone, unless parts were asked for. */
function chosen(
  accepted: readonly AcceptedPicture[],
  { instance }: InstanceSelector,
  numbers: readonly number[] | undefined,
): { readonly kind: 'parts' | 'alone'; readonly type: AcceptedPicture['type'] } {
  const several = numbers ? numbers.length > 1 : instance === undefined;
  for (const { kind, type } of accepted) {
    if (kind !== 'any') {
      // One picture stands for a study or series, but not for two frames that were named.
      if (kind === 'parts' || !(numbers && numbers.length > 1)) return { kind, type };
    } else return { kind: several ? 'parts' : 'alone', type };
  }
  throw new Problem('not-acceptable', {
    reason: `Pictures are answered as ${PICTURE_TYPES.join(' or ')}, several of them as parts.`,
    available: [...(several ? [] : PICTURE_TYPES), ...PICTURE_TYPES.map((type) => `multipart/related; type="${type}"`)],
  });
}

type View = ReturnType<typeof viewOf>;

async function wantedOf(
  archive: Archive,
  { ids, base }: View,
  selector: InstanceSelector,
  numbers: readonly number[] | undefined,
  all: boolean,
): Promise<Wanted[]> {
  if (selector.instance === undefined && all) {
    const instances = await findInstances(archive.db, ids, selector);
    if (instances.length === 0) throw notFound(selector);
    return instances.map((picture) => ({ picture, frame: 1, location: locationOf(base, picture) }));
  }
  const picture = await findRepresentative(archive.pool, ids, selector);
  if (!picture) throw notFound(selector);
  const location = locationOf(base, picture);
  if (numbers === undefined && !all) return [{ picture, frame: 1, location }];
  const { numberOfFrames } = await framesToShow(archive, picture);
  checkFrames(numbers ?? [], numberOfFrames);
  const frames = numbers ?? Array.from({ length: numberOfFrames }, (_, i) => i + 1);
  return frames.map((frame) => ({ picture, frame, location: `${location}/frames/${frame}` }));
}

interface Located {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

const locationOf = (base: string, { studyInstanceUid, seriesInstanceUid, sopInstanceUid }: Located): string =>
  `${base}/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;

const notFound = ({ series, instance }: InstanceSelector): Problem =>
  new Problem('not-found', { what: instance ? 'instance' : series ? 'series' : 'study' });

async function pictureOf(
  archive: Archive,
  { picture, frame }: Wanted,
  rendering: Rendering,
  signal: AbortSignal,
): Promise<Buffer> {
  return renderFrame(archive, picture, await framesToShow(archive, picture), frame, rendering, signal);
}

interface Made {
  readonly at: number;
  readonly body: Buffer;
}

/** The first picture that can be made; among many instances there may be some that show nothing. */
async function firstOf(count: number, make: (i: number) => Promise<Buffer>): Promise<Made> {
  let reason: unknown;
  for (let at = 0; at < count; at++) {
    try {
      return { at, body: await make(at) };
    } catch (error) {
      if (pixelFailure(error) === undefined) throw error;
      reason ??= error;
    }
  }
  throw reason;
}

async function* parts(
  wanted: readonly Wanted[],
  type: string,
  first: Made,
  make: (i: number) => Promise<Buffer>,
): AsyncGenerator<OutgoingPart, void, void> {
  const part = (i: number, body: Buffer): OutgoingPart => ({
    headers: { 'Content-Type': type, 'Content-Location': `${wanted[i]!.location}/rendered` },
    body,
  });
  yield part(first.at, first.body);
  const next = first.at + 1;
  let at = next;
  for await (const body of inOrder(wanted.length - next, AHEAD, (i) => orNothing(make(next + i)))) {
    if (body) yield part(at, body);
    at++;
  }
}

async function orNothing(made: Promise<Buffer>): Promise<Buffer | undefined> {
  try {
    return await made;
  } catch (error) {
    if (pixelFailure(error) === undefined) throw error;
    return undefined;
  }
}
