import { NODE_ROLES, type NodeRole, type OrganisationId } from '@isocenter/contract';
import { Button, Checkbox, Group, Modal, NativeSelect, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { organisationsQuery } from '../api/organisations.ts';
import { type Invitation, invitePerson } from '../api/people.ts';
import { useChange } from '../api/use-change.ts';
import { EmailField, Field } from '../parts/field.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { t } from '../text/t.ts';
import { LinkMade } from './link-made.tsx';

interface InvitePersonProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Invites someone: a form, then the link for them. */
export function InvitePerson({ opened, onClose }: InvitePersonProps) {
  const invite = useChange(invitePerson, { stale: ['people', 'organisations'], shown: true });
  const close = () => {
    invite.reset();
    onClose();
  };
  return (
    <>
      <Modal
        opened={opened && !invite.data}
        onClose={close}
        title={t('people.invite')}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        {opened && (
          <InviteForm
            pending={invite.isPending}
            error={invite.error}
            onInvite={(body) => invite.mutate(body)}
            onClose={close}
          />
        )}
      </Modal>
      <LinkMade
        title={t('people.invited')}
        name={invite.data?.person.name ?? ''}
        link={invite.data?.link}
        onClose={close}
      />
    </>
  );
}

interface InviteFormProps {
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onInvite: (body: Invitation) => void;
  readonly onClose: () => void;
}

function InviteForm({ pending, error, onInvite, onClose }: InviteFormProps) {
  const { data: organisations = [] } = useQuery(organisationsQuery);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [organisation, setOrganisation] = useState('');
  const [nodeRoles, setNodeRoles] = useState<NodeRole[]>([]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const organisationId = organisation === '' ? null : (organisation as OrganisationId);
    onInvite({ name, email: email.trim(), organisationId, nodeRoles });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Field label={t('person.name')} data-autofocus value={name} onChange={setName} />
        <EmailField label={t('person.email')} value={email} onChange={setEmail} />
        <NativeSelect
          label={t('person.organisation')}
          value={organisation}
          onChange={(event) => setOrganisation(event.currentTarget.value)}
          data={[
            { value: '', label: t('person.organisation.later') },
            ...organisations.map(({ id, name: label }) => ({ value: id, label })),
          ]}
        />
        <Checkbox.Group
          label={t('person.nodeRoles')}
          description={t('people.invite.roles')}
          value={nodeRoles}
          onChange={(values) => setNodeRoles(NODE_ROLES.filter((role) => values.includes(role)))}
        >
          <Stack gap="xs" mt="xs">
            {NODE_ROLES.map((role) => (
              <Checkbox
                key={role}
                size="sm"
                value={role}
                label={t(`role.${role}`)}
                description={t(`role.${role}.about`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <ProblemAlert error={error} />
        <Group justify="end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={pending}>
            {t('people.invite.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
