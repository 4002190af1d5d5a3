import { type PersonId, PROJECT_ROLES, type ProjectRole, type SiteId } from '@isocenter/contract';
import { NativeSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleQuery } from '../api/people.ts';
import { addMember, type ProjectDetail } from '../api/projects.ts';
import { useChange } from '../api/use-change.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { t } from '../text/t.ts';
import { reachOf } from './reach-of.ts';

interface AddMemberProps {
  readonly project: ProjectDetail;
  readonly onClose: () => void;
}

/** Gives someone a role in a project, for one of its sites where the role reaches no further. */
export function AddMember({ project, onClose }: AddMemberProps) {
  const [person, setPerson] = useState<string | null>(null);
  const [role, setRole] = useState<ProjectRole>('data-collector');
  const [site, setSite] = useState('');
  const reach = reachOf(role);
  const siteId = reach === 'project' || site === '' ? null : (site as SiteId);
  const add = useChange(() => addMember(project.id, { personId: person as PersonId, role, siteId }), {
    stale: ['project', 'projects', 'person', 'me'],
    shown: true,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={t('members.add')}
      submit={t('members.add')}
      ready={person !== null && (reach !== 'site' || siteId !== null)}
      pending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <ChoosePerson value={person} onChange={setPerson} />
      <NativeSelect
        label={t('members.role')}
        description={t(`role.${role}.about`)}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value as ProjectRole)}
        data={PROJECT_ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
      />
      {reach !== 'project' && (
        <NativeSelect
          label={t('projects.site')}
          description={t(reach === 'site' ? 'members.site.needed' : 'members.site.may')}
          value={site}
          onChange={(event) => setSite(event.currentTarget.value)}
          data={[
            { value: '', label: t(reach === 'site' ? 'projects.choose' : 'members.everySite') },
            ...project.sites.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
    </FormDialog>
  );
}

interface ChoosePersonProps {
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** Whoever has an account, found by part of their name or e-mail address. */
function ChoosePerson({ value, onChange }: ChoosePersonProps) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string }>();
  const [q] = useDebouncedValue(text.trim(), 200);
  const searched = q !== '' && q !== chosen?.label;
  const { data, isFetching } = useQuery(
    peopleQuery({ ...(searched && { q }), state: ['active', 'invited'], offset: 0, limit: 20 }),
  );
  const found = (data?.items ?? []).map(({ id, name, email }) => ({
    value: id as string,
    label: email === '' ? name : t('members.person.value', { name, email }),
  }));
  const options = chosen && !found.some((each) => each.value === chosen.value) ? [chosen, ...found] : found;
  return (
    <Select
      label={t('members.person')}
      placeholder={t('people.search')}
      searchable
      openOnFocus={false}
      data-autofocus
      required
      withAsterisk={false}
      value={value}
      onChange={(id, option) => {
        setChosen(id === null ? undefined : option);
        onChange(id);
      }}
      searchValue={text}
      onSearchChange={setText}
      // The server has searched already.
      filter={({ options: all }) => all}
      data={options}
      nothingFoundMessage={t(isFetching ? 'app.loading' : 'members.person.none')}
    />
  );
}
