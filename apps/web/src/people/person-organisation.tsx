import type { OrganisationId } from '@isocenter/contract';
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { organisationsQuery } from '../api/organisations.ts';
import { changePerson, type PersonDetail } from '../api/people.ts';
import { say } from '../parts/say.tsx';
import { t } from '../text/t.ts';
import { usePersonChange } from './use-person-change.ts';

/** To which organisation someone belongs. */
export function PersonOrganisation({ person }: { readonly person: PersonDetail }) {
  const { data: organisations = [] } = useQuery(organisationsQuery);
  const change = usePersonChange(
    (id: string) => changePerson(person.id, { organisationId: id === '' ? null : (id as OrganisationId) }),
    () => say(t('person.organisation.changed', { name: person.name })),
  );
  return (
    <NativeSelect
      label={t('person.organisation.belongs')}
      value={person.organisationId ?? ''}
      disabled={change.isPending}
      onChange={(event) => change.mutate(event.currentTarget.value)}
      data={[
        { value: '', label: t('person.organisation.later') },
        ...organisations.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}
