import { NODE_ROLES, type NodeRole } from '@isocenter/contract';
import { Checkbox } from '@mantine/core';
import { changePerson, type PersonDetail } from '../api/people.ts';
import { say } from '../parts/say.tsx';
import { t } from '../text/t.ts';
import classes from './people.module.css';
import { usePersonChange } from './use-person-change.ts';

/** Roles on the whole node, given and taken by a tick. */
export function NodeRoles({ person }: { readonly person: PersonDetail }) {
  const change = usePersonChange(
    (nodeRoles: NodeRole[]) => changePerson(person.id, { nodeRoles }),
    () => say(t('person.rolesChanged', { name: person.name })),
  );
  const toggle = (role: NodeRole, on: boolean) =>
    change.mutate(NODE_ROLES.filter((each) => (each === role ? on : person.nodeRoles.includes(each))));
  return (
    <section className={classes.part}>
      <h3>{t('person.nodeRoles')}</h3>
      {NODE_ROLES.map((role) => (
        <Checkbox
          key={role}
          size="sm"
          label={t(`role.${role}`)}
          description={t(`role.${role}.about`)}
          checked={person.nodeRoles.includes(role)}
          disabled={change.isPending}
          onChange={(event) => toggle(role, event.currentTarget.checked)}
        />
      ))}
    </section>
  );
}
