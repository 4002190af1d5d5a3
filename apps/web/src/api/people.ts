import {
  type EndpointArguments,
  type invitePerson as invitation,
  type OrganisationId,
  PersonId,
  type PersonState,
  type updatePerson as update,
} from '@isocenter/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { idFrom } from './problem.ts';

export type { MadeLink, Person, PersonDetail, PersonState } from '@isocenter/contract';
export type Invitation = EndpointArguments<typeof invitation>['body'];
export type PersonChange = NonNullable<EndpointArguments<typeof update>['body']>;

export interface PeoplePage {
  readonly q?: string;
  readonly state?: readonly PersonState[];
  readonly offset: number;
  readonly limit: number;
}

export function peopleQuery({ state = [], ...page }: PeoplePage) {
  return queryOptions({
    queryKey: ['people', { ...page, state }],
    queryFn: ({ signal }) => client.listPeople({ query: { ...page, state: [...state] } }, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Who waits for an administrator's decision. */
export const waitingPeopleQuery = peopleQuery({ state: ['waiting'], offset: 0, limit: 50 });

export function personQuery(id: string) {
  return queryOptions({
    queryKey: ['person', id],
    queryFn: async ({ signal }) => client.getPerson({ params: { id: idFrom(PersonId, id) } }, { signal }),
  });
}

export const invitePerson = (body: Invitation) => client.invitePerson({ body });
export const changePerson = (id: PersonId, body: PersonChange) => client.updatePerson({ params: { id }, body });
export const approvePerson = (id: PersonId, organisationId: OrganisationId | null) =>
  client.approvePerson({ params: { id }, body: { organisationId } });
export const readmitPerson = (id: PersonId) => client.approvePerson({ params: { id }, body: {} });
export const refusePerson = (id: PersonId) => client.refusePerson({ params: { id } });
export const lockPerson = (id: PersonId) => client.lockPerson({ params: { id } });
export const makePersonLink = (id: PersonId) => client.makePersonLink({ params: { id } });
export const removePersonSecondFactor = (id: PersonId) => client.removePersonSecondFactor({ params: { id } });
export const signPersonOut = (id: PersonId) => client.signPersonOut({ params: { id } });
