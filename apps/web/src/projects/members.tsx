import { PROJECT_ROLES } from '@isocenter/contract';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { addMember, type Membership, type ProjectDetail, removeMember } from '../api/projects.ts';
import { useChange } from '../api/use-change.ts';
import { Panel, Section } from '../parts/page.tsx';
import { sayUndoable } from '../parts/say.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import { AddMember } from './add-member.tsx';
import classes from './projects.module.css';

/** Who has which role in a project. */
export function Members({ project }: { readonly project: ProjectDetail }) {
  const manages = useMay()('member.manage');
  const [adding, setAdding] = useState(false);
  const held = PROJECT_ROLES.map((role) => ({
    role,
    members: project.memberships.filter((membership) => membership.role === role),
  })).filter(({ members }) => members.length > 0);
  return (
    <Section
      title={t('projects.members')}
      actions={
        manages && (
          <Button size="compact-sm" onClick={() => setAdding(true)}>
            {t('members.add')}
          </Button>
        )
      }
    >
      <Panel>
        {held.length === 0 && <p className={classes.none}>{t('members.none')}</p>}
        {held.map(({ role, members }) => (
          <Fragment key={role}>
            <div className={classes.role}>
              <h3>{t(`role.${role}`)}</h3>
              <p>{t(`role.${role}.about`)}</p>
            </div>
            <ul className={classes.rows} aria-label={t(`role.${role}`)}>
              {members.map((membership) => (
                <MemberRow key={membership.id} project={project} membership={membership} />
              ))}
            </ul>
          </Fragment>
        ))}
      </Panel>
      {adding && <AddMember project={project} onClose={() => setAdding(false)} />}
    </Section>
  );
}

interface MemberRowProps {
  readonly project: ProjectDetail;
  readonly membership: Membership;
}

function MemberRow({ project, membership }: MemberRowProps) {
  const may = useMay();
  const { id, personId, personName, role, siteId } = membership;
  const stale = ['project', 'projects', 'person', 'me'];
  const again = useChange(() => addMember(project.id, { personId, role, siteId }), { stale });
  const remove = useChange(() => removeMember(project.id, id), {
    stale,
    onDone: () => sayUndoable(t('members.removed', { name: personName, role: t(`role.${role}`) }), again.mutate),
  });
  const site = siteId === null ? t('members.everySite') : project.sites.find((each) => each.id === siteId)?.name;
  return (
    <li>
      <span className={classes.what}>
        {may('person.read') ? (
          <Link to="/admin/people/$id" params={{ id: personId }}>
            {personName}
          </Link>
        ) : (
          personName
        )}
        <span className={classes.soft}>{site}</span>
      </span>
      {may('member.manage') && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={remove.isPending}
          aria-label={t('members.remove.name', { name: personName, role: t(`role.${role}`) })}
          onClick={() => remove.mutate()}
        >
          {t('projects.remove')}
        </Button>
      )}
    </li>
  );
}
