import { Link } from '@tanstack/react-router';
import type { PersonDetail } from '../api/people.ts';
import { Ago } from '../parts/ago.tsx';
import { Facts } from '../parts/facts.tsx';
import { roleWords } from '../session/role-words.ts';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import { DecidePerson } from './decide-person.tsx';
import { NodeRoles } from './node-roles.tsx';
import classes from './people.module.css';
import { PersonActions } from './person-actions.tsx';
import { PersonOrganisation } from './person-organisation.tsx';

/** Who someone is, which roles they have, and what an administrator can do about it. */
export function PersonParts({ person }: { readonly person: PersonDetail }) {
  const may = useMay();
  const manages = may('person.manage');
  return (
    <div className={classes.parts}>
      {manages && person.state === 'waiting' && <DecidePerson person={person} />}
      <Facts
        facts={[
          [t('person.email'), person.email],
          [t('person.organisation'), person.organisationName],
          [t('person.purpose'), person.purpose],
          [t('person.created'), <Ago key="created" iso={person.createdAt} />],
          [
            t('person.lastSignedIn'),
            person.lastSignedInAt ? <Ago key="last" iso={person.lastSignedInAt} /> : t('person.never'),
          ],
        ]}
      />
      <section className={classes.part}>
        <h3>{t('person.memberships')}</h3>
        <Memberships person={person} />
      </section>
      {manages ? (
        <NodeRoles person={person} />
      ) : (
        person.nodeRoles.length > 0 && (
          <section className={classes.part}>
            <h3>{t('person.nodeRoles')}</h3>
            <p className={classes.soft}>{person.nodeRoles.map((role) => t(`role.${role}`)).join(', ')}</p>
          </section>
        )
      )}
      {manages && person.state !== 'waiting' && <PersonOrganisation person={person} />}
      {manages && person.state !== 'waiting' && <PersonActions person={person} />}
    </div>
  );
}

function Memberships({ person }: { readonly person: PersonDetail }) {
  if (person.memberships.length === 0) return <p className={classes.soft}>{t('person.memberships.none')}</p>;
  return (
    <ul className={classes.memberships}>
      {person.memberships.map((membership) => (
        <li key={membership.id}>
          <Link to="/admin/projects/$id" params={{ id: membership.projectId }}>
            {membership.projectName}
          </Link>
          {': '}
          {roleWords(membership)}
        </li>
      ))}
    </ul>
  );
}
