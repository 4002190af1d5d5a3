import type { OrganisationId, SiteId } from '@isocenter/contract';
import { useState } from 'react';
import {
  addOrganisation,
  addSite,
  type Organisation,
  renameOrganisation,
  renameSite,
  type Site,
} from '../api/organisations.ts';
import { useChange } from '../api/use-change.ts';
import { Field } from '../parts/field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { isNamed, NameAndCode, unnamed } from '../parts/name-and-code.tsx';
import { t } from '../text/t.ts';

/** What is being added or changed. */
export type Editing =
  | { readonly kind: 'organisation' }
  | { readonly kind: 'site'; readonly of: Organisation }
  | { readonly kind: 'rename'; readonly what: Organisation | Site; readonly site: boolean };

const stale = ['organisations', 'projects', 'project', 'people', 'person', 'me'];

export function AddOrganisation({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const add = useChange(addOrganisation, { stale, shown: true, onDone: onClose });
  return (
    <FormDialog
      title={t('organisations.add')}
      submit={t('app.add')}
      ready={name.trim() !== ''}
      pending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate(name)}
      onClose={onClose}
    >
      <Name value={name} onChange={setName} />
    </FormDialog>
  );
}

export function AddSite({
  organisation,
  onClose,
}: {
  readonly organisation: Organisation;
  readonly onClose: () => void;
}) {
  const [named, setNamed] = useState(unnamed);
  const add = useChange(addSite, { stale, shown: true, onDone: onClose });
  const { name, code } = named;
  return (
    <FormDialog
      title={t('sites.add.name', { name: organisation.name })}
      submit={t('app.add')}
      ready={isNamed(named)}
      pending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate({ organisationId: organisation.id, name, code })}
      onClose={onClose}
    >
      <NameAndCode value={named} onChange={setNamed} />
    </FormDialog>
  );
}

interface RenameProps {
  readonly what: Organisation | Site;
  readonly site: boolean;
  readonly onClose: () => void;
}

export function Rename({ what, site, onClose }: RenameProps) {
  const [name, setName] = useState(what.name);
  const change = async (): Promise<void> => {
    if (site) await renameSite(what.id as SiteId, name);
    else await renameOrganisation(what.id as OrganisationId, name);
  };
  const rename = useChange(change, { stale, shown: true, onDone: onClose });
  return (
    <FormDialog
      title={t('named.rename', { name: what.name })}
      submit={t('app.save')}
      ready={name.trim() !== ''}
      pending={rename.isPending}
      error={rename.error}
      onSubmit={() => rename.mutate()}
      onClose={onClose}
    >
      <Name value={name} onChange={setName} />
    </FormDialog>
  );
}

function Name({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  return <Field label={t('named.name')} data-autofocus value={value} onChange={onChange} />;
}
