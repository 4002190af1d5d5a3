import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash, type TablerIcon } from '@tabler/icons-react';
import {
  addOrganisation,
  addSite,
  type Organisation,
  removeOrganisation,
  removeSite,
  type Site,
} from '../api/organisations.ts';
import { useChange } from '../api/use-change.ts';
import { Panel } from '../parts/page.tsx';
import { sayUndoable } from '../parts/say.tsx';
import { t } from '../text/t.ts';
import type { Editing } from './organisation-dialogs.tsx';
import classes from './organisations.module.css';

interface OrganisationPanelProps {
  readonly organisation: Organisation;
  /** Only for who may change it. */
  readonly onEdit?: (editing: Editing) => void;
}

const stale = ['organisations', 'projects', 'project'];

/** One organisation with its sites. */
export function OrganisationPanel({ organisation, onEdit }: OrganisationPanelProps) {
  const { name, sites, people, id } = organisation;
  const again = useChange(addOrganisation, { stale });
  const remove = useChange(removeOrganisation, {
    stale,
    onDone: () => sayUndoable(t('organisations.removed', { name }), () => again.mutate(name)),
  });
  return (
    <Panel>
      <div className={classes.head}>
        <div>
          <h2>{name}</h2>
          <span className={classes.soft}>{t('count.people', { count: people })}</span>
        </div>
        {onEdit && (
          <div className={classes.buttons}>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconPlus size={14} aria-hidden />}
              aria-label={t('sites.add.name', { name })}
              onClick={() => onEdit({ kind: 'site', of: organisation })}
            >
              {t('sites.add')}
            </Button>
            <Small
              icon={IconPencil}
              label={t('named.rename', { name })}
              onClick={() => onEdit({ kind: 'rename', what: organisation, site: false })}
            />
            <Small
              icon={IconTrash}
              label={t('named.remove', { name })}
              loading={remove.isPending}
              onClick={() => remove.mutate(id)}
            />
          </div>
        )}
      </div>
      {sites.length > 0 && (
        <ul className={classes.sites} aria-label={t('sites.of', { name })}>
          {sites.map((site) => (
            <SiteRow key={site.id} site={site} {...(onEdit && { onEdit })} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function SiteRow({ site, onEdit }: { readonly site: Site; readonly onEdit?: (editing: Editing) => void }) {
  const { id, name, code, organisationId } = site;
  const again = useChange(addSite, { stale });
  const remove = useChange(removeSite, {
    stale,
    onDone: () => sayUndoable(t('organisations.removed', { name }), () => again.mutate({ organisationId, code, name })),
  });
  return (
    <li>
      <span className={classes.site}>
        {name}
        <span className={classes.soft}>{code}</span>
      </span>
      {onEdit && (
        <span className={classes.buttons}>
          <Small
            icon={IconPencil}
            label={t('named.rename', { name })}
            onClick={() => onEdit({ kind: 'rename', what: site, site: true })}
          />
          <Small
            icon={IconTrash}
            label={t('named.remove', { name })}
            loading={remove.isPending}
            onClick={() => remove.mutate(id)}
          />
        </span>
      )}
    </li>
  );
}

interface SmallProps {
  readonly icon: TablerIcon;
  readonly label: string;
  readonly loading?: boolean;
  readonly onClick: () => void;
}

function Small({ icon: Icon, label, loading = false, onClick }: SmallProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} loading={loading} onClick={onClick}>
        <Icon size={16} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
