import { Button, Skeleton } from '@mantine/core';
import { IconBuildingHospital, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { organisationsQuery } from '../api/organisations.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import { AddOrganisation, AddSite, type Editing, Rename } from './organisation-dialogs.tsx';
import { OrganisationPanel } from './organisation-panel.tsx';
import classes from './organisations.module.css';

/** Organisations, and the sites that each has. */
export function OrganisationsPage() {
  const { data, error, refetch } = useQuery(organisationsQuery);
  const manages = useMay()('organisation.manage');
  const [editing, setEditing] = useState<Editing>();
  const close = () => setEditing(undefined);
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing({ kind: 'organisation' })}>
      {t('organisations.add')}
    </Button>
  );
  return (
    <Page
      title={t('organisations.title')}
      about={t('organisations.about')}
      actions={manages && data && data.length > 0 && add}
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Skeleton height={160} role="status" aria-label={t('app.loading')} />}
      {data?.length === 0 && (
        <Panel>
          <StateBox icon={IconBuildingHospital} title={t('organisations.empty.title')} role="status">
            <p>{t('organisations.empty.what')}</p>
            {manages && add}
          </StateBox>
        </Panel>
      )}
      <div className={classes.list}>
        {data?.map((organisation) => (
          <OrganisationPanel
            key={organisation.id}
            organisation={organisation}
            {...(manages && { onEdit: setEditing })}
          />
        ))}
      </div>
      {editing?.kind === 'organisation' && <AddOrganisation onClose={close} />}
      {editing?.kind === 'site' && <AddSite organisation={editing.of} onClose={close} />}
      {editing?.kind === 'rename' && <Rename {...editing} onClose={close} />}
    </Page>
  );
}
