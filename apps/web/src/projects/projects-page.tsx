import { Button, Skeleton, Textarea } from '@mantine/core';
import { IconFolders, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { beginProject, type Project, projectsQuery } from '../api/projects.ts';
import { useChange } from '../api/use-change.ts';
import table from '../list/data-table.module.css';
import { useListKeys } from '../list/use-list-keys.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { isNamed, NameAndCode, unnamed } from '../parts/name-and-code.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { useMay } from '../session/use-may.ts';
import { formatNumber } from '../text/format.ts';
import { t } from '../text/t.ts';

/** Projects that one may see. */
export function ProjectsPage() {
  const { data, error, refetch } = useQuery(projectsQuery);
  const manages = useMay()('project.manage');
  const navigate = useNavigate();
  const [beginning, setBeginning] = useState(false);
  useListKeys<Project>({
    rows: data ?? [],
    idOf: ({ id }) => id,
    onOpen: ({ id }) => void navigate({ to: '/admin/projects/$id', params: { id } }),
  });
  const begin = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setBeginning(true)}>
      {t('projects.begin')}
    </Button>
  );
  return (
    <Page title={t('projects.title')} about={t('projects.about')} actions={manages && data && data.length > 0 && begin}>
      <Panel>
        {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!error && !data && <Skeleton height={120} m="md" width="auto" role="status" aria-label={t('app.loading')} />}
        {data?.length === 0 && (
          <StateBox icon={IconFolders} title={t('projects.empty.title')} role="status">
            <p>{t(manages ? 'projects.empty.what' : 'projects.empty.none')}</p>
            {manages && begin}
          </StateBox>
        )}
        {data && data.length > 0 && <ProjectTable rows={data} />}
      </Panel>
      {beginning && <BeginProject onClose={() => setBeginning(false)} />}
    </Page>
  );
}

function ProjectTable({ rows }: { readonly rows: readonly Project[] }) {
  return (
    <div className={table.scroll}>
      <table className={table.table} aria-label={t('projects.title')}>
        <thead>
          <tr>
            <th scope="col">{t('named.name')}</th>
            <th scope="col" style={{ width: '22%' }} data-priority="2">
              {t('named.code')}
            </th>
            <th scope="col" style={{ width: '30%' }} data-priority="3">
              {t('projects.sites')}
            </th>
            <th scope="col" style={{ width: '96px' }} data-align="end">
              {t('projects.members')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, code, sites, members }) => (
            <tr key={id} data-row={id}>
              <td>
                <Link to="/admin/projects/$id" params={{ id }}>
                  {name}
                </Link>
                <span className={table.under}>{code}</span>
              </td>
              <td data-priority="2">{code}</td>
              <td data-priority="3" title={sites.map((site) => site.name).join(', ')}>
                {sites.map((site) => site.name).join(', ') || <span aria-hidden>{t('app.none')}</span>}
              </td>
              <td data-align="end">{formatNumber(members)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BeginProject({ onClose }: { readonly onClose: () => void }) {
  const [named, setNamed] = useState(unnamed);
  const [description, setDescription] = useState('');
  const navigate = useNavigate();
  const begin = useChange(beginProject, {
    stale: ['projects'],
    shown: true,
    onDone: ({ id }) => {
      onClose();
      void navigate({ to: '/admin/projects/$id', params: { id } });
    },
  });
  const { name, code } = named;
  return (
    <FormDialog
      title={t('projects.begin')}
      submit={t('projects.begin')}
      ready={isNamed(named)}
      pending={begin.isPending}
      error={begin.error}
      onSubmit={() => begin.mutate({ name, code, description })}
      onClose={onClose}
    >
      <NameAndCode value={named} onChange={setNamed} />
      <Description value={description} onChange={setDescription} />
    </FormDialog>
  );
}

export function Description({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  return (
    <Textarea
      label={t('projects.description')}
      rows={3}
      maxLength={1000}
      value={value}
      // One line of text, however it is typed.
      onChange={(event) => onChange(event.currentTarget.value.replace(/\s*\n\s*/g, ' '))}
    />
  );
}
