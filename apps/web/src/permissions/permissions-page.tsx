import { ACTIONS, type Permission, permissions, ROLES } from '@isocenter/contract';
import { Problem } from '../api/problem.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import { actionGroups } from './action-groups.ts';
import { PermissionRow } from './permission-row.tsx';
import classes from './permissions.module.css';

/** The policy, as it is decided by: which role may do what, and how far. */
export function PermissionsPage() {
  const may = useMay();
  return (
    <Page title={t('permissions.title')} about={t('permissions.about')} fill>
      {may('person.read') ? <Matrix /> : <ErrorState error={Problem.forbidden()} />}
    </Page>
  );
}

function Matrix() {
  return (
    <>
      <Legend />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling region */}
      <section className={classes.scroll} aria-label={t('permissions.title')} tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col" className={classes.action}>
                {t('permissions.action')}
              </th>
              {ROLES.map((role) => (
                <th key={role} scope="col" title={t(`role.${role}.about`)}>
                  {t(`role.${role}`)}
                </th>
              ))}
              <th scope="col">{t('permissions.scope')}</th>
            </tr>
          </thead>
          {actionGroups(ACTIONS).map(({ key, actions }) => (
            <tbody key={key}>
              <tr>
                <th scope="rowgroup" colSpan={ROLES.length + 2} className={classes.group}>
                  <span>{t(`permissions.group.${key}`)}</span>
                </th>
              </tr>
              {actions.map((action) => {
                const permission: Permission = permissions[action];
                return <PermissionRow key={action} action={action} permission={permission} />;
              })}
            </tbody>
          ))}
        </table>
      </section>
    </>
  );
}

const reaches = ['node', 'project', 'site', 'grant'] as const;

function Legend() {
  return (
    <dl className={classes.legend}>
      {reaches.map((reach) => (
        <div key={reach}>
          <dt data-reach={reach}>{t(`reach.${reach}`)}</dt>
          <dd>{t(`reach.${reach}.about`)}</dd>
        </div>
      ))}
    </dl>
  );
}
