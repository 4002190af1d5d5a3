import { getPerson, type LogChange, listPeople, type Person, type PersonId, updatePerson } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../../platform/database/database.ts';
import { endpoint } from '../../../platform/http/index.ts';
import { missing, refusing } from '../constraint.ts';
import { rightsChanged } from '../rights-changed.ts';
import { type DirectoryParts, traced } from '../trace.ts';
import * as store from './person-store.ts';

export function peopleRoutes(app: FastifyInstance, parts: DirectoryParts): void {
  const { db } = parts.database;
  endpoint(app, listPeople, ({ query }) => store.selectPeople(db, query));
  endpoint(app, getPerson, ({ params }) => demandPersonDetail(db, params.id));
  endpoint(app, updatePerson, async ({ params: { id }, body }, { request }) => {
    const refusals = { person_organisation_id_fkey: missing('organisation') };
    await refusing(refusals, () =>
      traced(parts, request, async (tx) => {
        const before = await store.selectPerson(tx, id);
        if (before === undefined) throw missing('person')();
        await store.updatePersonRow(tx, id, body);
        await rightsChanged(tx, id);
        const objects = [{ kind: 'person' as const, id }];
        return { result: undefined, traced: { action: 'person.change', objects, changes: changesOf(before, body) } };
      }),
    );
    return demandPersonDetail(db, id);
  });
}

/** Names of people stay out of the log, which forgets nothing. */
function changesOf(before: Person, { name, organisationId, nodeRoles }: store.PersonChange): LogChange[] {
  return [
    ...(name === undefined ? [] : [{ field: 'name' }]),
    ...(organisationId === undefined
      ? []
      : [{ field: 'organisation', old: before.organisationId, new: organisationId }]),
    ...(nodeRoles === undefined ? [] : [{ field: 'node roles', old: before.nodeRoles, new: [...nodeRoles] }]),
  ];
}

export async function demandPersonDetail(db: Database['db'], id: PersonId) {
  const person = await store.selectPersonDetail(db, id);
  if (person === undefined) throw missing('person')();
  return person;
}
