import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/session.ts';
import { t } from '../text/t.ts';
import classes from './my-roles.module.css';
import { roleWords } from './role-words.ts';

/** On the node and in each project: what whoever is signed in is here. */
export function MyRoles() {
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  const inProjects = new Set(me.projects.flatMap(({ roles }) => roles.map(({ role }) => role)));
  const onNode = me.roles.filter((role) => !inProjects.has(role as never));
  if (onNode.length + me.projects.length === 0) return <span>{t('role.none')}</span>;
  return (
    <ul className={classes.roles}>
      {onNode.map((role) => (
        <li key={role}>
          <strong>{t(`role.${role}`)}</strong>
        </li>
      ))}
      {me.projects.map(({ id, name, roles }) => (
        <li key={id}>
          <strong>{name}</strong>
          {roles.map((each) => (
            <span key={`${each.role} ${each.site}`}>{roleWords(each)}</span>
          ))}
        </li>
      ))}
    </ul>
  );
}
