import { type Action, type Permission, type Reach, ROLES } from '@isocenter/contract';
import { zoneWord } from '../parts/zone.tsx';
import { t } from '../text/t.ts';
import classes from './permissions.module.css';

interface PermissionRowProps {
  readonly action: Action;
  readonly permission: Permission;
}

/** One action: for each role, how far it goes. */
export function PermissionRow({ action, permission }: PermissionRowProps) {
  const { title, grant, scope } = permission;
  return (
    <tr>
      <th scope="row" className={classes.action}>
        {title}
        <code>{action}</code>
      </th>
      {typeof grant === 'string' ? (
        <td colSpan={ROLES.length} className={classes.all}>
          {t(`permissions.${grant}`)}
        </td>
      ) : grant.node !== undefined ? (
        <td colSpan={ROLES.length} className={classes.all}>
          {t('permissions.node')}
        </td>
      ) : (
        ROLES.map((role) => {
          const reaches = [grant[role] ?? []].flat() as readonly Reach[];
          return (
            <td key={role}>
              {reaches.length === 0 ? (
                <span className={classes.never} aria-label={t('permissions.never')} role="img">
                  {t('app.none')}
                </span>
              ) : (
                reaches.map((reach) => <ReachWords key={reach.within} reach={reach} />)
              )}
            </td>
          );
        })
      )}
      <td className={classes.scope}>{t(`scope.${scope}`)}</td>
    </tr>
  );
}

function ReachWords({ reach: { within, zones } }: { readonly reach: Reach }) {
  return (
    <span className={classes.reach}>
      <span data-reach={within}>{t(`reach.${within}`)}</span>
      {zones?.map((zone) => (
        <small key={zone} data-zone={zone}>
          {zoneWord(zone)}
        </small>
      ))}
    </span>
  );
}
