import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  lockPerson,
  makePersonLink,
  type PersonDetail,
  readmitPerson,
  removePersonSecondFactor,
  signPersonOut,
} from '../api/people.ts';
import { offerQuery } from '../api/sign-in.ts';
import { useChange } from '../api/use-change.ts';
import { Irrevocable } from '../parts/irrevocable.tsx';
import { say } from '../parts/say.tsx';
import { t } from '../text/t.ts';
import { LinkMade } from './link-made.tsx';
import classes from './people.module.css';
import { usePersonChange } from './use-person-change.ts';

/** What can be done about someone's account, as it stands. */
export function PersonActions({ person }: { readonly person: PersonDetail }) {
  const { state } = person;
  if (state === 'unverified') return <p className={classes.soft}>{t('person.state.unverified.about')}</p>;
  return (
    <section className={classes.part}>
      <h3>{t('person.account')}</h3>
      <div className={classes.buttons}>
        {(state === 'active' || state === 'invited') && <MakeLink person={person} />}
        {state === 'active' && <WhileActive person={person} />}
        {(state === 'refused' || state === 'locked') && <Readmit person={person} />}
      </div>
    </section>
  );
}

function MakeLink({ person }: { readonly person: PersonDetail }) {
  const { data: offer } = useQuery(offerQuery);
  const make = useChange(makePersonLink);
  const invited = person.state === 'invited';
  // Passwords that another provider keeps are none of ours.
  if (!invited && offer?.provider === 'external') return null;
  return (
    <>
      <Button variant="default" loading={make.isPending} onClick={() => make.mutate(person.id)}>
        {t(invited ? 'person.link.invitation' : 'person.link.password')}
      </Button>
      <LinkMade
        title={t(invited ? 'person.link.invitation' : 'person.link.password')}
        name={person.name}
        link={make.data}
        onClose={make.reset}
      />
    </>
  );
}

function Readmit({ person }: { readonly person: PersonDetail }) {
  const readmit = usePersonChange(
    () => readmitPerson(person.id),
    () => say(t('person.readmitted', { name: person.name })),
  );
  return (
    <Button loading={readmit.isPending} onClick={() => readmit.mutate()}>
      {t(person.state === 'locked' ? 'person.unlock' : 'person.approve')}
    </Button>
  );
}

function WhileActive({ person }: { readonly person: PersonDetail }) {
  const { name, id } = person;
  const signOut = usePersonChange(
    () => signPersonOut(id),
    () => say(t('person.signedOut', { name })),
  );
  const lock = usePersonChange(
    () => lockPerson(id),
    () => say(t('person.locked', { name })),
  );
  return (
    <>
      <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
        {t('person.signOut')}
      </Button>
      <RemoveSecondFactor person={person} />
      <Button variant="default" loading={lock.isPending} onClick={() => lock.mutate()}>
        {t('person.lock')}
      </Button>
    </>
  );
}

function RemoveSecondFactor({ person }: { readonly person: PersonDetail }) {
  const { data: offer } = useQuery(offerQuery);
  const [asking, setAsking] = useState(false);
  const remove = usePersonChange(
    () => removePersonSecondFactor(person.id),
    () => {
      setAsking(false);
      say(t('person.factor.removed', { name: person.name }));
    },
  );
  if (offer?.provider === 'external') return null;
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('person.factor.remove')}…
      </Button>
      <Irrevocable
        opened={asking}
        title={t('person.factor.remove')}
        word={t('person.factor.word')}
        pending={remove.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
      >
        <p>{t('person.factor.lost', { name: person.name })}</p>
      </Irrevocable>
    </>
  );
}
