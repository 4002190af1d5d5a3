import { StudyUid } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../platform/http/index.ts';
import { actorOf } from '../../../platform/tracer/index.ts';
import type { Archive } from '../archive.ts';
import type { InstanceSelector } from '../retrieve/instance-store.ts';
import { viewOf } from '../view.ts';
import { deleteInstances } from './delete-instances.ts';

/** DELETE on the resources of WADO-RS: not in the standard, but in every archive. */
export function deleteRoutes(app: FastifyInstance, archive: Archive): void {
  for (const path of [
    '/studies/:study',
    '/studies/:study/series/:series',
    '/studies/:study/series/:series/instances/:instance',
  ]) {
    app.delete(
      path,
      { config: { action: 'study.delete' }, schema: { tags: ['DICOMweb'], summary: 'Delete' } },
      async (request, reply) => {
        const { areas, ids } = viewOf(request, archive);
        const selector = request.params as InstanceSelector;
        const deleting = { tracer: archive.tracer, actor: actorOf(request.caller) };
        const deleted = await deleteInstances(archive.pool, deleting, ids, selector);
        if (deleted === 0)
          throw new Problem('not-found', {
            what: selector.instance ? 'instance' : selector.series ? 'series' : 'study',
          });
        for (const { zone, project, site } of areas) {
          const studyUid = StudyUid.parse(selector.study);
          archive.onChanged({ studyUid, zone, project, site, change: 'deleted' });
        }
        return reply.code(204).send();
      },
    );
  }
}
