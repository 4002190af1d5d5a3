import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Archive } from './archive.ts';
import { searchAttributes } from './qido/search-attributes.ts';
import { viewOf } from './view.ts';

/** The capabilities of the service (PS3.18 8.9): what can be asked for, as JSON that people and programs read. */
export function capabilityRoutes(app: FastifyInstance, archive: Archive): void {
  const options = {
    config: { action: 'study.read' as const },
    schema: { tags: ['DICOMweb'], summary: 'Capabilities of the service' },
  };
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // A zone or an area that isn't the caller's has none.
    viewOf(request, archive);
    // Tells this archive from another one at the same address: senders that remember what they sent want to know.
    return reply.header('isocenter-archive', archive.tracer.signer.name).type('application/json').send(capabilities);
  };
  app.get('/', options, answer);
  app.options('/', options, answer);
}

const studyRoot = [
  '/studies/{study}',
  '/studies/{study}/series/{series}',
  '/studies/{study}/series/{series}/instances/{instance}',
];

const capabilities = {
  service: 'DICOMweb (PS3.18)',
  search: {
    resources: [
      '/studies',
      '/series',
      '/instances',
      '/studies/{study}/series',
      '/studies/{study}/instances',
      '/studies/{study}/series/{series}/instances',
    ],
    mediaTypes: ['application/dicom+json', 'multipart/related; type="application/dicom+xml"'],
    parameters: ['limit', 'offset', 'fuzzymatching', 'includefield'],
    matching: searchAttributes.map(({ keyword, tag, level }) => ({ keyword, tag, level })),
  },
  store: {
    resources: ['/studies', '/studies/{study}'],
    mediaTypes: [
      'application/dicom',
      'multipart/related; type="application/dicom"',
      'multipart/related; type="application/dicom+json"',
      'multipart/related; type="application/dicom+xml"',
    ],
  },
  retrieve: {
    instances: {
      resources: studyRoot,
      mediaTypes: ['multipart/related; type="application/dicom"', 'application/dicom', 'application/zip'],
    },
    metadata: {
      resources: studyRoot.map((path) => `${path}/metadata`),
      mediaTypes: ['application/dicom+json', 'multipart/related; type="application/dicom+xml"'],
    },
    bulkData: {
      resources: [`${studyRoot[2]}/bulkdata/{path}`],
      mediaTypes: ['application/octet-stream', 'multipart/related; type="application/octet-stream"'],
    },
    frames: { resources: [`${studyRoot[2]}/frames/{frames}`] },
    rendered: {
      resources: [...studyRoot.map((path) => `${path}/rendered`), `${studyRoot[2]}/frames/{frames}/rendered`],
      mediaTypes: ['image/jpeg', 'image/png'],
    },
    thumbnail: {
      resources: [...studyRoot.map((path) => `${path}/thumbnail`), `${studyRoot[2]}/frames/{frames}/thumbnail`],
      mediaTypes: ['image/jpeg', 'image/png'],
    },
  },
  delete: { resources: studyRoot },
};
