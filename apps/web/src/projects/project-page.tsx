import { Anchor, Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { changeProject, type ProjectDetail, projectQuery } from '../api/projects.ts';
import { useChange } from '../api/use-change.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Field } from '../parts/field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import { Members } from './members.tsx';
import { ProjectSites } from './project-sites.tsx';
import classes from './projects.module.css';
import { Description } from './projects-page.tsx';

/** One project: which sites take part, and who does what. */
export function ProjectPage() {
  const { id } = useParams({ from: '/shell/admin/projects/$id' });
  const { data: project, error, refetch } = useQuery(projectQuery(id));
  const manages = useMay()('project.manage');
  const [changing, setChanging] = useState(false);
  return (
    <Page
      title={project?.name ?? t('projects.title')}
      about={
        <>
          <Anchor component={Link} to="/admin/projects" inherit>
            {t('projects.title')}
          </Anchor>
          {project && ` · ${project.code}`}
        </>
      }
      actions={
        manages &&
        project && (
          <Button variant="default" onClick={() => setChanging(true)}>
            {t('projects.change')}
          </Button>
        )
      }
    >
      {error && !project && (
        <Panel>
          <ErrorState error={error} onRetry={() => void refetch()} />
        </Panel>
      )}
      {!error && !project && <Skeleton height={240} role="status" aria-label={t('app.loading')} />}
      {project && (
        <>
          {project.description && <p className={classes.description}>{project.description}</p>}
          <ProjectSites project={project} />
          <Members project={project} />
        </>
      )}
      {changing && project && <ChangeProject project={project} onClose={() => setChanging(false)} />}
    </Page>
  );
}

function ChangeProject({ project, onClose }: { readonly project: ProjectDetail; readonly onClose: () => void }) {
  const [name, setName] = useState(project.name);
  const [description, setDescription] = useState(project.description);
  const change = useChange(() => changeProject(project.id, { name, description }), {
    stale: ['project', 'projects', 'me'],
    shown: true,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={t('projects.change')}
      submit={t('app.save')}
      ready={name.trim() !== ''}
      pending={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Field label={t('named.name')} data-autofocus value={name} onChange={setName} />
      <Description value={description} onChange={setDescription} />
    </FormDialog>
  );
}
