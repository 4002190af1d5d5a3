import { createHash } from 'node:crypto';
import { transferSyntaxOf } from '@isocenter/dicom';
import { DecodeError } from '@isocenter/dicom/pixel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import { type OutgoingPart, writeMultipart } from '../media/multipart-writer.ts';
import { sendChunks, sendStream } from '../media/send-stream.ts';
import { availableForms, type FrameForm, frameForms } from '../pixels/frame-forms.ts';
import type { FrameIndex } from '../pixels/frame-index.ts';
import { checkFrames, frameNumbers } from '../pixels/frame-numbers.ts';
import { framesOf } from '../pixels/frame-source.ts';
import { transcodeInThread } from '../pixels/frame-tasks.ts';
import { inOrder } from '../pixels/in-order.ts';
import { findPicture, type Picture, type PictureSelector } from '../pixels/picture-store.ts';
import { pixelFailure, pixelProblem } from '../pixels/pixel-problem.ts';
import { viewOf } from '../view.ts';
import { notModified } from './conditional.ts';

/** Frames read or decoded while those before them are sent. */
const AHEAD = 3;

/** WADO-RS frames (PS3.18 10.4.1.1.6). */
export function frameRoutes(app: FastifyInstance, archive: Archive): void {
  app.get(
    '/studies/:study/series/:series/instances/:instance/frames/:frames',
    {
      config: { action: 'instance.read' },
      schema: { tags: ['DICOMweb'], summary: 'Retrieve frames of an instance (WADO-RS)' },
    },
    (request, reply) => retrieve(archive, request, reply),
  );
}

/** One request for frames of one instance. */
interface Wanted {
  readonly archive: Archive;
  readonly picture: Picture;
  readonly index: FrameIndex;
  /** From 1. */
  readonly numbers: readonly number[];
  readonly signal: AbortSignal;
  /** Address of the instance. */
  readonly location: string;
}

async function retrieve(archive: Archive, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const { frames, ...selector } = request.params as PictureSelector & { frames: string };
  const numbers = frameNumbers(frames);
  const picture = await findPicture(archive.pool, view.ids, selector);
  if (!picture) throw new Problem('not-found', { what: 'instance' });
  const offer = { stored: transferSyntaxOf(picture.transferSyntaxUid), count: numbers.length };
  const available = availableForms(offer);
  const accept = (request.query as { accept?: string }).accept ?? request.headers.accept;
  try {
    const index = await framesOf(archive).indexOf(picture);
    checkFrames(numbers, index?.numberOfFrames ?? 0);
    const forms = frameForms(accept, offer);
    if (forms.length === 0) throw new Problem('not-acceptable', { reason: refusal(picture), available });
    if (notModified(request, reply, [picture.sha256, frames], JSON.stringify(forms))) return reply;
    const { study, series, instance } = selector;
    const location = `${view.base}/studies/${study}/series/${series}/instances/${instance}`;
    const wanted: Wanted = { archive, picture, index: index!, numbers, signal: request.signal, location };
    const { form, bytes } = await firstPossible(wanted, forms);
    return send(reply, wanted, form, bytes);
  } catch (error) {
    // Nobody is there to be told.
    if (request.signal.aborted) return reply.hijack();
    throw pixelProblem(error, available);
  }
}

function refusal({ transferSyntaxUid }: Picture): string {
  const { name, encapsulated } = transferSyntaxOf(transferSyntaxUid);
  return `The pixels are stored as ${name}${encapsulated ? '' : ' (uncompressed)'} and can't be had as asked for.`;
}

/** The first frame in the first form that turns out to be possible. */
async function firstPossible(wanted: Wanted, forms: readonly FrameForm[]): Promise<{ form: FrameForm; bytes: Buffer }> {
  let reason: unknown;
  for (const form of forms) {
    try {
      return { form, bytes: await frameIn(wanted, form, wanted.numbers[0]!) };
    } catch (error) {
      if (pixelFailure(error) === undefined) throw error;
      reason ??= error;
    }
  }
  throw reason;
}

async function frameIn(wanted: Wanted, form: FrameForm, number: number): Promise<Buffer> {
  const { archive, picture, index, signal } = wanted;
  const { bytes, skipBits, plain } = await framesOf(archive).read(picture, index, number - 1);
  const asStored = form.transferSyntaxUid === picture.transferSyntaxUid && index.fragments !== undefined;
  const native = !transferSyntaxOf(form.transferSyntaxUid).encapsulated;
  if (asStored || (plain && native)) return bytes;
  const { module } = index;
  if (!module) throw new DecodeError('Rows, Columns or Bits Allocated is missing');
  const frame = { bytes, module, from: picture.transferSyntaxUid, to: form.transferSyntaxUid, skipBits };
  const transcoded = await transcodeInThread(archive.threads, frame, signal);
  return Buffer.from(transcoded.bytes.buffer, transcoded.bytes.byteOffset, transcoded.bytes.byteLength);
}

function send(reply: FastifyReply, wanted: Wanted, form: FrameForm, first: Buffer): FastifyReply {
  if (!form.multipart) {
    reply.header('content-location', `${wanted.location}/frames/${wanted.numbers[0]}`);
    return reply.type(contentType(form)).send(first);
  }
  if (wanted.numbers.length > 1) {
    const { contentType, stream } = writeMultipart(form.mediaType, parts(wanted, form, first));
    return sendStream(reply.type(contentType), stream);
  }
  const { headers } = part(wanted, form, wanted.numbers[0]!, first);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const boundary = boundaryFor(wanted.picture, form);
  const head = Buffer.from(`--${boundary}\r\n${lines.join('')}\r\n`, 'latin1');
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
  reply.type(`multipart/related; type="${form.mediaType}"; boundary=${boundary}`);
  return sendChunks(reply, [head, first, tail]);
}

/** The same frame has the same bytes each time, as its ETag says; no frame can hold a hash that its own bytes go into. */
const boundaryFor = ({ sha256 }: Picture, form: FrameForm): string =>
  createHash('sha256').update(`${sha256}/${form.transferSyntaxUid}`).digest('base64url').slice(0, 32);

async function* parts(wanted: Wanted, form: FrameForm, first: Buffer): AsyncGenerator<OutgoingPart, void, void> {
  const { numbers } = wanted;
  yield part(wanted, form, numbers[0]!, first);
  const rest = numbers.slice(1);
  let at = 0;
  for await (const bytes of inOrder(rest.length, AHEAD, (i) => frameIn(wanted, form, rest[i]!))) {
    yield part(wanted, form, rest[at++]!, bytes);
  }
}

const contentType = ({ mediaType, transferSyntaxUid }: FrameForm): string =>
  `${mediaType}; transfer-syntax=${transferSyntaxUid}`;

const part = ({ location }: Wanted, form: FrameForm, number: number, body: Buffer): OutgoingPart => ({
  headers: { 'Content-Type': contentType(form), 'Content-Location': `${location}/frames/${number}` },
  body,
});
