import type { SiteId } from '@isocenter/contract';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { organisationsQuery } from '../api/organisations.ts';
import { addProjectSite, type ProjectDetail, removeProjectSite } from '../api/projects.ts';
import { useChange } from '../api/use-change.ts';
import { Panel, Section } from '../parts/page.tsx';
import { sayUndoable } from '../parts/say.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import classes from './projects.module.css';

const stale = ['project', 'projects', 'me'];

/** Sites that take part in a project. */
export function ProjectSites({ project }: { readonly project: ProjectDetail }) {
  const manages = useMay()('project.manage');
  const again = useChange((site: SiteId) => addProjectSite(project.id, site), { stale });
  const remove = useChange((site: SiteId) => removeProjectSite(project.id, site), {
    stale,
    onDone: (_, site) =>
      sayUndoable(t('projects.site.removed', { name: nameOf(project, site) }), () => again.mutate(site)),
  });
  return (
    <Section title={t('projects.sites')}>
      <Panel>
        {project.sites.length === 0 && <p className={classes.none}>{t('projects.sites.none')}</p>}
        <ul className={classes.rows} aria-label={t('projects.sites')}>
          {project.sites.map(({ id, name, code }) => (
            <li key={id}>
              <span className={classes.what}>
                {name}
                <span className={classes.soft}>{code}</span>
              </span>
              {manages && (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  disabled={remove.isPending}
                  aria-label={t('named.remove', { name })}
                  onClick={() => remove.mutate(id)}
                >
                  {t('projects.remove')}
                </Button>
              )}
            </li>
          ))}
        </ul>
        {manages && <AddProjectSite project={project} />}
      </Panel>
    </Section>
  );
}

const nameOf = (project: ProjectDetail, site: SiteId): string =>
  project.sites.find(({ id }) => id === site)?.name ?? '';

function AddProjectSite({ project }: { readonly project: ProjectDetail }) {
  const { data: organisations = [] } = useQuery(organisationsQuery);
  const [chosen, setChosen] = useState('');
  const add = useChange((site: SiteId) => addProjectSite(project.id, site), { stale, onDone: () => setChosen('') });
  const taken = new Set(project.sites.map(({ id }) => id));
  const groups = organisations
    .map(({ name, sites }) => ({
      group: name,
      items: sites.filter(({ id }) => !taken.has(id)).map(({ id, name: label }) => ({ value: id, label })),
    }))
    .filter(({ items }) => items.length > 0);
  if (groups.length === 0) return <p className={classes.none}>{t('projects.sites.nomore')}</p>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== '') add.mutate(chosen as SiteId);
  };
  return (
    <form className={classes.add} onSubmit={submit}>
      <NativeSelect
        label={t('projects.site')}
        miw={240}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[{ value: '', label: t('projects.choose') }, ...groups]}
      />
      <Button type="submit" variant="default" loading={add.isPending} disabled={chosen === ''}>
        {t('projects.site.add')}
      </Button>
    </form>
  );
}
