import type { OrganisationId } from '@isocenter/contract';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { organisationsQuery } from '../api/organisations.ts';
import { approvePerson, type PersonDetail, refusePerson } from '../api/people.ts';
import { say } from '../parts/say.tsx';
import { t } from '../text/t.ts';
import classes from './people.module.css';
import { usePersonChange } from './use-person-change.ts';

/** The decision about someone who asked for an account. */
export function DecidePerson({ person }: { readonly person: PersonDetail }) {
  const { data: organisations = [] } = useQuery(organisationsQuery);
  const written = person.organisationName.trim().toLowerCase();
  const same = organisations.find(({ name }) => name.trim().toLowerCase() === written);
  const [chosen, setChosen] = useState<string>();
  const organisation = chosen ?? person.organisationId ?? same?.id ?? '';
  const approve = usePersonChange(
    () => approvePerson(person.id, organisation === '' ? null : (organisation as OrganisationId)),
    () => say(t('person.approved', { name: person.name })),
  );
  const refuse = usePersonChange(
    () => refusePerson(person.id),
    () => say(t('person.refused', { name: person.name })),
  );
  const busy = approve.isPending || refuse.isPending;
  return (
    <section className={classes.decide}>
      <h3>{t('person.decide')}</h3>
      {person.purpose && <p className={classes.purpose}>“{person.purpose}”</p>}
      <NativeSelect
        label={t('person.organisation')}
        description={t('person.organisation.written', { name: person.organisationName || t('app.none') })}
        value={organisation}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[
          { value: '', label: t('person.organisation.later') },
          ...organisations.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <div className={classes.buttons}>
        <Button loading={approve.isPending} disabled={busy} onClick={() => approve.mutate()}>
          {t('person.approve')}
        </Button>
        <Button variant="default" loading={refuse.isPending} disabled={busy} onClick={() => refuse.mutate()}>
          {t('person.refuse')}
        </Button>
      </div>
    </section>
  );
}
