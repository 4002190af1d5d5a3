import { StudyUid, type Zone } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { defineJob, type JobDefinition } from '../../platform/jobs/index.ts';
import type { Services } from '../../platform/services.ts';
import type { Storage } from '../../platform/storage/index.ts';
import type { Areas } from '../directory/index.ts';
import type { Archive } from './archive.ts';
import { studyRoutes } from './browse/study-routes.ts';
import { capabilityRoutes } from './capability-routes.ts';
import { deleteRoutes } from './delete/delete-routes.ts';
import { Claimant } from './ingest/claimant.ts';
import { cleanObjects } from './ingest/cleaner.ts';
import { Ingest } from './ingest/ingest.ts';
import { metadataRoutes } from './metadata/metadata-routes.ts';
import { searchRoutes } from './qido/search-routes.ts';
import { RecompressedStore } from './recompression/recompressed-store.ts';
import { recompressionJob } from './recompression/recompression-job.ts';
import { bulkDataRoutes } from './retrieve/bulkdata-routes.ts';
import { frameRoutes } from './retrieve/frame-routes.ts';
import { instanceRoutes } from './retrieve/instance-routes.ts';
import { renderedRoutes } from './retrieve/rendered-routes.ts';
import { thumbnailRoutes } from './retrieve/thumbnail-routes.ts';
import { wadoUriRoutes } from './retrieve/wado-uri-routes.ts';
import { storeRoutes } from './stow/store-routes.ts';
import { StudyChanges } from './study-changes.ts';

export type { Archive } from './archive.ts';
export { isHiddenStudy, projectOfStudy } from './hidden-study.ts';
export { failureReasons, type StoreOutcome, warningReasons } from './ingest/failure-reason.ts';
export type { Ingest } from './ingest/ingest.ts';
export { type OutgoingInstance, outgoingInstances } from './retrieve/outgoing-instances.ts';

/** Puts the archive together. */
export async function createArchive(
  { config, database, events, log, metrics, threads, tracer }: Services,
  storage: Storage,
  areas: Areas,
): Promise<Archive> {
  const changes = new StudyChanges((data) => events.publish({ type: 'study.changed', data }), log);
  const claimant = await Claimant.open(database, log);
  const objects = new RecompressedStore({ inner: storage.objects, pool: database.pool, threads });
  const ingest = new Ingest({
    pool: database.pool,
    spool: storage.spool,
    objects,
    ...(storage.staging && { staging: storage.staging }),
    claimant,
    tracer,
    log,
    onStored: (records, bytes) => {
      metrics.instancesStored.add(records.length);
      metrics.bytesStored.add(bytes);
      for (const { study, area } of records) {
        const { zone, project, site } = area;
        changes.add({ studyUid: StudyUid.parse(study.uid), zone, project, site, change: 'stored' });
      }
    },
  });
  return {
    pool: database.pool,
    db: database.db,
    spool: storage.spool,
    objects,
    originals: storage.objects,
    ...(storage.staging && { staging: storage.staging }),
    claimant,
    threads,
    ingest,
    tracer,
    log,
    areas,
    storeZone: config.storeZone,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    maxBodyBytes: config.maxBodyBytes,
    onChanged: (change) => changes.add(change),
    recompress: config.recompress === 'htj2k',
    close: () => claimant.close(),
  };
}

/** Serves DICOMweb over all that the caller may see, over each zone and each area, WADO-URI, and what the pages list. */
export async function archiveRoutes(app: FastifyInstance, archive: Archive): Promise<void> {
  const dicomWeb = async (scope: FastifyInstance): Promise<void> => {
    capabilityRoutes(scope, archive);
    storeRoutes(scope, archive);
    searchRoutes(scope, archive);
    instanceRoutes(scope, archive);
    metadataRoutes(scope, archive);
    bulkDataRoutes(scope, archive);
    frameRoutes(scope, archive);
    renderedRoutes(scope, archive);
    thumbnailRoutes(scope, archive);
    deleteRoutes(scope, archive);
  };
  await app.register(dicomWeb, { prefix: '/dicom-web' });
  await app.register(dicomWeb, { prefix: '/zones/:zone/dicom-web' });
  await app.register(dicomWeb, { prefix: '/areas/:area/dicom-web' });
  wadoUriRoutes(app, archive);
  studyRoutes(app, archive);
}

/** Removes objects that nothing refers to: what crashes left behind and what was deleted. */
export const cleanJob = (archive: Archive): JobDefinition<Record<string, never>> =>
  defineJob({
    kind: 'archive.clean',
    title: 'Remove objects that nothing refers to',
    input: z.strictObject({}),
    schedule: { cron: '*/10 * * * *', input: {} },
    run: ({ signal }) => cleanObjects(archive, signal),
  });

/** Compresses stored images without loss, where that is wanted. */
export const recompressJob = (archive: Archive): JobDefinition<Record<string, never>> =>
  recompressionJob({ ...archive, objects: archive.originals, enabled: archive.recompress });

export type ArchiveCounts = {
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
  readonly bytes: number;
};

export async function countArchive({ db }: Archive, zones: readonly Zone[]): Promise<ArchiveCounts> {
  const { rows } = await sql<ArchiveCounts>`
    select count(*)::int as studies, coalesce(sum(series_count), 0)::int as series, coalesce(sum(instance_count), 0)::int as instances,
      coalesce(sum(size_bytes), 0)::bigint as bytes
    from study where zone = any(${zones}::zone[])`.execute(db);
  return rows[0]!;
}
