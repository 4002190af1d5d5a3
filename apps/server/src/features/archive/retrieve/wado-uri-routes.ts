import { ExplicitVRLittleEndian } from '@isocenter/dicom';
import { isSoundWindow } from '@isocenter/dicom/pixel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import { covers, parseAccept } from '../media/media-type.ts';
import { sendStream } from '../media/send-stream.ts';
import { checkFrames } from '../pixels/frame-numbers.ts';
import { PICTURE_TYPES } from '../pixels/picture-forms.ts';
import { pixelFailure, pixelProblem } from '../pixels/pixel-problem.ts';
import {
  decimal,
  isSide,
  NO_WIDTH,
  ParameterReading,
  parseAnnotation,
  parseQuality,
  type RenderParameters,
  refuse,
  type SourceRegion,
} from '../pixels/render-parameters.ts';
import { framesToShow, renderFrame } from '../pixels/rendering.ts';
import { viewOf } from '../view.ts';
import { notModified } from './conditional.ts';
import { findInstance, type StoredInstance } from './instance-store.ts';
import { storedFile, storedFileSize } from './stored-file.ts';
import { canTranscode, transcodeInstance } from './transcode.ts';

const DICOM = 'application/dicom';
/** Counts changes of how pictures are made. */
const VERSION = 1;

const DESCRIPTION =
  'Query: requestType=WADO, studyUID, seriesUID, objectUID; contentType=image/jpeg, image/png or application/dicom; for DICOM ' +
  'transferSyntax (a UID, or * for as stored); for pictures frameNumber, rows, columns, region=left,top,right,bottom (each 0 to 1), ' +
  'windowCenter and windowWidth, imageQuality=1 to 100, annotation=patient,technique.';

/** WADO-URI (PS3.18 9): one instance, as a picture or as DICOM. */
export function wadoUriRoutes(app: FastifyInstance, archive: Archive): void {
  app.get(
    '/wado',
    {
      config: { action: 'instance.read' },
      schema: {
        tags: ['DICOMweb'],
        summary: 'Retrieve an instance as a picture or as DICOM (WADO-URI)',
        description: DESCRIPTION,
      },
    },
    (request, reply) => retrieve(archive, request, reply),
  );
}

/** What a WADO-URI request asks for. */
interface WadoUri {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** Best first; empty: whatever suits the instance. */
  readonly types: readonly string[];
  readonly transferSyntaxUid?: string;
  /** From 1. */
  readonly frame?: number;
  readonly parameters: RenderParameters;
}

async function retrieve(archive: Archive, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const wanted = parameters(request.query as Record<string, unknown>);
  const instance = await findInstance(archive.db, view.ids, wanted);
  if (!instance) throw new Problem('not-found', { what: 'instance' });
  const type = typeFor(wanted, instance.pixelData !== null);
  if (type === DICOM && wanted.frame !== undefined) throw invalid('frameNumber', 'is for pictures only');
  if (notModified(request, reply, [instance.sha256], JSON.stringify([VERSION, type, wanted, instance.zone])))
    return reply;
  try {
    if (type === DICOM) return await sendInstance(archive, instance, wanted, request, reply);
    const index = await framesToShow(archive, instance);
    const frame = wanted.frame ?? 1;
    checkFrames([frame], index.numberOfFrames);
    const rendering = { ...wanted.parameters, type };
    return reply.type(type).send(await renderFrame(archive, instance, index, frame, rendering, request.signal));
  } catch (error) {
    // Nobody is there to be told.
    if (request.signal.aborted) return reply.hijack();
    throw pixelProblem(error, [DICOM]);
  }
}

async function sendInstance(
  archive: Archive,
  instance: StoredInstance,
  { transferSyntaxUid }: WadoUri,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const target = transferSyntaxUid === '*' ? instance.transferSyntaxUid : (transferSyntaxUid ?? ExplicitVRLittleEndian);
  const transcoded = await inSyntax(archive, instance, target, request.signal);
  // What can't be had in the syntax asked for comes in explicit VR little endian (PS3.18 9.1.2.3.1), else as stored.
  const file =
    transcoded ??
    (target === ExplicitVRLittleEndian
      ? undefined
      : await inSyntax(archive, instance, ExplicitVRLittleEndian, request.signal));
  const {
    transferSyntaxUid: uid,
    size,
    body,
  } = file ?? {
    transferSyntaxUid: instance.transferSyntaxUid,
    size: storedFileSize(instance),
    body: storedFile(archive.objects, instance),
  };
  return sendStream(reply.header('content-length', size).type(`${DICOM}; transfer-syntax=${uid}`), body);
}

/** Undefined where the instance can't be had in the transfer syntax, or is stored in it. */
async function inSyntax(archive: Archive, instance: StoredInstance, uid: string, signal: AbortSignal) {
  if (uid === instance.transferSyntaxUid || !canTranscode(instance, uid)) return undefined;
  try {
    return await transcodeInstance(archive, instance, uid, signal);
  } catch (error) {
    if (pixelFailure(error) === undefined) throw error;
    return undefined;
  }
}

/** Images default to JPEG, everything else to DICOM (PS3.18 9.1.2.2.1). */
function typeFor({ types }: WadoUri, hasPixels: boolean): (typeof PICTURE_TYPES)[number] | typeof DICOM {
  const available = hasPixels ? ([...PICTURE_TYPES, DICOM] as const) : ([DICOM] as const);
  if (types.length === 0) return available[0];
  for (const accepted of types) {
    const found = available.find((type) => covers(accepted, type));
    if (found) return found;
  }
  throw new Problem('not-acceptable', {
    reason: hasPixels ? 'The instance is answered as a picture or as DICOM.' : 'The instance has no pixel data.',
    available: [...available],
  });
}

function parameters(query: Readonly<Record<string, unknown>>): WadoUri {
  const reading = new ParameterReading(query);
  const uid = (name: string): string => {
    const { [name]: found } = reading.take(name, (text) => (/^[0-9.]{1,64}$/.test(text) ? text : refuse('is no UID')));
    if (found === undefined && query[name] === undefined) reading.refuse(name, 'is missing');
    return found ?? '';
  };
  const { requestType } = reading.take('requestType', (text) => (text === 'WADO' ? text : refuse('is always WADO')));
  if (requestType === undefined && query.requestType === undefined) reading.refuse('requestType', 'is missing');
  const [study, series, instance] = [uid('studyUID'), uid('seriesUID'), uid('objectUID')];
  const { contentType = [] } = reading.take('contentType', (text) => parseAccept(text).map(({ name }) => name));
  const { transferSyntax } = reading.take('transferSyntax', (text) =>
    text === '*' || /^[0-9.]{1,64}$/.test(text) ? text : refuse('is no UID'),
  );
  const { frameNumber } = reading.take('frameNumber', whole);
  const rendering = renderingOf(reading);
  reading.finish();
  for (const name of ['presentationUID', 'presentationSeriesUID', 'anonymize']) {
    if (query[name] !== undefined && query[name] !== 'no')
      throw new Problem('not-implemented', { what: `WADO-URI ${name}` });
  }
  return {
    study,
    series,
    instance,
    types: contentType,
    ...(transferSyntax !== undefined && { transferSyntaxUid: transferSyntax }),
    ...(frameNumber !== undefined && { frame: frameNumber }),
    parameters: rendering,
  };
}

/** The rendering parameters of PS3.18 9.1.2.2, in the terms of those of WADO-RS. */
function renderingOf(reading: ParameterReading): RenderParameters {
  const { rows } = reading.take('rows', side);
  const { columns } = reading.take('columns', side);
  const { region } = reading.take('region', parseRegion);
  const { windowCenter } = reading.take('windowCenter', number);
  const { windowWidth } = reading.take('windowWidth', number);
  const { imageQuality } = reading.take('imageQuality', parseQuality);
  const { annotation = [] } = reading.take('annotation', parseAnnotation);
  if ((windowCenter === undefined) !== (windowWidth === undefined))
    reading.refuse(windowCenter === undefined ? 'windowCenter' : 'windowWidth', 'is missing beside the other');
  const window = { center: windowCenter ?? 0, width: windowWidth ?? 1, shape: 'LINEAR' as const };
  if (!isSoundWindow(window)) reading.refuse('windowWidth', NO_WIDTH);
  const viewport = {
    ...(rows !== undefined && { height: rows }),
    ...(columns !== undefined && { width: columns }),
    ...(region && { source: region }),
  };
  return {
    annotation,
    ...(imageQuality !== undefined && { quality: imageQuality }),
    ...(windowCenter !== undefined && windowWidth !== undefined && { window }),
    ...(Object.keys(viewport).length > 0 && { viewport }),
  };
}

const number = (text: string) => (Number.isFinite(decimal(text)) ? decimal(text) : refuse('is no number'));
const side = (text: string) => (isSide(decimal(text)) ? decimal(text) : refuse('is no size of a picture'));
const whole = (text: string) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : refuse('is no number from 1'));

/** Left, top, right and lower edge as parts of the picture's width and height. */
function parseRegion(text: string) {
  const [left = Number.NaN, top = Number.NaN, right = Number.NaN, bottom = Number.NaN, ...more] = text
    .split(',')
    .map((part) => decimal(part.trim()));
  const fits = left >= 0 && top >= 0 && right <= 1 && bottom <= 1 && left < right && top < bottom;
  if (!fits || more.length > 0) return refuse('is left,top,right,bottom, each from 0 to 1');
  return { left, top, width: right - left, height: bottom - top, unit: 'part' } satisfies SourceRegion;
}

const invalid = (name: string, problem: string): Problem =>
  new Problem('invalid-request', { fields: [{ field: `query.${name}`, problem }] });
