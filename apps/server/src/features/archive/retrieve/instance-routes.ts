import { ExplicitVRLittleEndian } from '@isocenter/dicom';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import type { Archive } from '../archive.ts';
import { covers, type MediaType, parseAccept } from '../media/media-type.ts';
import { type OutgoingPart, writeMultipart } from '../media/multipart-writer.ts';
import { sendStream } from '../media/send-stream.ts';
import { pixelFailure, pixelProblem } from '../pixels/pixel-problem.ts';
import { viewOf } from '../view.ts';
import { lastingOf, notModified } from './conditional.ts';
import { findInstances, type InstanceSelector, type StoredInstance } from './instance-store.ts';
import { storedFile, storedFileSize } from './stored-file.ts';
import { canTranscode, transcodeInstance } from './transcode.ts';
import { zipOf } from './zip.ts';

const DICOM = 'application/dicom';
const paths = [
  '/studies/:study',
  '/studies/:study/series/:series',
  '/studies/:study/series/:series/instances/:instance',
];

/** WADO-RS: whole studies, series, instances (PS3.18 10.4.1.1.1), also as ZIP. */
export function instanceRoutes(app: FastifyInstance, archive: Archive): void {
  for (const path of paths) {
    const summary = `Retrieve ${path.includes('instance') ? 'an instance' : path.includes('series') ? 'a series' : 'a study'} (WADO-RS)`;
    app.get(path, { config: { action: 'instance.read' }, schema: { tags: ['DICOMweb'], summary } }, (request, reply) =>
      retrieve(archive, request, reply),
    );
  }
}

/** How instances are to be sent. */
interface Form {
  readonly kind: 'multipart' | 'single' | 'zip';
  /** Undefined: each as it is stored. */
  readonly transferSyntaxUid?: string;
  /** The transfer syntax was asked for by name: what can't be had in it is an error, not sent otherwise. */
  readonly strict: boolean;
}

async function retrieve(archive: Archive, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const view = viewOf(request, archive);
  const selector = request.params as InstanceSelector;
  const form = formOf(request, selector.instance !== undefined);
  const instances = await findInstances(archive.db, view.ids, selector);
  if (instances.length === 0)
    throw new Problem('not-found', { what: selector.instance ? 'instance' : selector.series ? 'series' : 'study' });
  if (form.strict) for (const instance of instances) assertPossible(instance, form);
  const contents = instances.map(({ sha256 }) => sha256);
  const variant = `${form.kind}/${form.transferSyntaxUid ?? '*'}`;
  if (notModified(request, reply, contents, variant, lastingOf(selector))) return reply;
  switch (form.kind) {
    case 'zip':
      reply.header(
        'content-disposition',
        `attachment; filename="${selector.instance ?? selector.series ?? selector.study}.zip"`,
      );
      return sendStream(reply.type('application/zip'), zipOf(archive.objects, instances));
    case 'single': {
      const [instance] = instances as [StoredInstance];
      const { uid, body, size } = await openFile(archive, instance, form, request.signal);
      return sendStream(reply.header('content-length', size).type(`${DICOM}; transfer-syntax=${uid}`), body);
    }
    case 'multipart': {
      // What can't be done is known with the first, while it can still be said.
      const first = await openFile(archive, instances[0]!, form, request.signal);
      const { contentType, stream } = writeMultipart(
        DICOM,
        parts(archive, instances, form, view.base, first, request.signal),
      );
      return sendStream(reply.type(contentType), stream);
    }
  }
}

function formOf(request: FastifyRequest, oneInstance: boolean): Form {
  const { accept } = request.query as { accept?: string };
  for (const type of parseAccept(accept ?? request.headers.accept)) {
    if (covers(type.name, 'multipart/related') && covers(type.parameters.get('type')?.toLowerCase() ?? DICOM, DICOM))
      return { kind: 'multipart', ...syntaxOf(type) };
    if (type.name === DICOM) return { kind: oneInstance ? 'single' : 'multipart', ...syntaxOf(type) };
    if (type.name === 'application/zip') return { kind: 'zip', strict: false };
  }
  throw new Problem('not-acceptable', {
    reason:
      'Instances are answered as DICOM, in multipart/related or alone, or as ZIP. Pictures are under /rendered, frames under /frames.',
    available: [`multipart/related; type="${DICOM}"; transfer-syntax=*`, DICOM, 'application/zip'],
  });
}

/** Without a stated transfer syntax the default is explicit VR little endian (PS3.18 8.7.3.5.2), where it can be had. */
function syntaxOf(type: MediaType): Pick<Form, 'transferSyntaxUid' | 'strict'> {
  const named = type.parameters.get('transfer-syntax');
  if (named === '*') return { strict: false };
  return { transferSyntaxUid: named ?? ExplicitVRLittleEndian, strict: named !== undefined };
}

function assertPossible(instance: StoredInstance, { transferSyntaxUid }: Form): void {
  if (transferSyntaxUid === undefined || transferSyntaxUid === instance.transferSyntaxUid) return;
  if (canTranscode(instance, transferSyntaxUid)) return;
  throw new Problem('not-acceptable', {
    reason: `An instance is stored in transfer syntax ${instance.transferSyntaxUid} and can't be had in the one asked for.`,
    available: [`multipart/related; type="${DICOM}"; transfer-syntax=*`],
  });
}

interface OutgoingFile {
  readonly uid: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly size: number;
}

/** An instance in the form asked for; where that isn't insisted on and its pixels turn out not to allow it, as stored. */
async function openFile(
  archive: Archive,
  instance: StoredInstance,
  form: Form,
  signal: AbortSignal,
): Promise<OutgoingFile> {
  const { transferSyntaxUid } = form;
  const transcoded =
    transferSyntaxUid !== undefined &&
    transferSyntaxUid !== instance.transferSyntaxUid &&
    canTranscode(instance, transferSyntaxUid);
  if (transcoded) {
    try {
      const file = await transcodeInstance(archive, instance, transferSyntaxUid, signal);
      return { uid: file.transferSyntaxUid, body: file.body, size: file.size };
    } catch (error) {
      if (form.strict) throw pixelProblem(error, [`multipart/related; type="${DICOM}"; transfer-syntax=*`]);
      if (pixelFailure(error) === undefined) throw error;
    }
  }
  return {
    uid: instance.transferSyntaxUid,
    body: storedFile(archive.objects, instance),
    size: storedFileSize(instance),
  };
}

async function* parts(
  archive: Archive,
  instances: readonly StoredInstance[],
  form: Form,
  base: string,
  first: OutgoingFile,
  signal: AbortSignal,
): AsyncGenerator<OutgoingPart, void, void> {
  for (const [i, instance] of instances.entries()) {
    const { uid, body } = i === 0 ? first : await openFile(archive, instance, form, signal);
    const location = `${base}/studies/${instance.studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}`;
    yield { headers: { 'Content-Type': `${DICOM}; transfer-syntax=${uid}`, 'Content-Location': location }, body };
  }
}
