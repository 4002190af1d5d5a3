import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { IconPlus, IconTopologyStar3 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { makeJoinToken, type Node, nodesQuery, removeNode } from '../api/nodes.ts';
import { useChange } from '../api/use-change.ts';
import { Ago } from '../parts/ago.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { Field } from '../parts/field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { Irrevocable } from '../parts/irrevocable.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { say } from '../parts/say.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import { JoinToken } from './join-token.tsx';
import classes from './nodes.module.css';

/** Other nodes that joined this one. */
export function NodesPage() {
  const { data, error, refetch } = useQuery(nodesQuery);
  const manages = useMay()('node.manage');
  const [inviting, setInviting] = useState(false);
  const invite = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>
      {t('nodes.invite')}
    </Button>
  );
  return (
    <Page title={t('nodes.title')} about={t('nodes.about')} actions={manages && data && data.length > 0 && invite}>
      <Panel>
        {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!error && !data && <Skeleton height={80} m="md" width="auto" role="status" aria-label={t('app.loading')} />}
        {data?.length === 0 && (
          <StateBox icon={IconTopologyStar3} title={t('nodes.empty.title')} role="status">
            <p>{t('nodes.empty.what')}</p>
            {manages && invite}
          </StateBox>
        )}
        {data && data.length > 0 && (
          <ul className={classes.rows} aria-label={t('nodes.title')}>
            {data.map((node) => (
              <Row key={node.id} node={node} manages={manages} />
            ))}
          </ul>
        )}
      </Panel>
      {inviting && <InviteNode onClose={() => setInviting(false)} />}
    </Page>
  );
}

function Row({ node, manages }: { readonly node: Node; readonly manages: boolean }) {
  const [removing, setRemoving] = useState(false);
  const { id, name, publicKey, joinedAt, lastSeenAt } = node;
  const remove = useChange(removeNode, {
    stale: ['nodes'],
    onDone: () => {
      setRemoving(false);
      say(t('nodes.removed', { name }));
    },
  });
  return (
    <li>
      <span className={classes.what}>
        <strong>{name}</strong>
        <code>{publicKey}</code>
        <span>
          {t('nodes.joined')} <Ago iso={joinedAt} />,{' '}
          {lastSeenAt === null ? (
            t('nodes.unseen')
          ) : (
            <>
              {t('nodes.seen')} <Ago iso={lastSeenAt} />
            </>
          )}
        </span>
      </span>
      {manages && (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('named.remove', { name })}
          onClick={() => setRemoving(true)}
        >
          {t('projects.remove')}…
        </Button>
      )}
      <Irrevocable
        opened={removing}
        title={t('nodes.remove')}
        word={t('nodes.remove.word')}
        pending={remove.isPending}
        onClose={() => setRemoving(false)}
        onConfirm={() => remove.mutate(id)}
      >
        <p>{t('nodes.remove.lost', { name })}</p>
      </Irrevocable>
    </li>
  );
}

const hourChoices = [1, 24, 72, 168] as const;

function InviteNode({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [hours, setHours] = useState(24);
  const make = useChange(() => makeJoinToken(name, hours), { shown: true });
  if (make.data) return <JoinToken {...make.data} name={name} onClose={onClose} />;
  return (
    <FormDialog
      title={t('nodes.invite')}
      submit={t('nodes.invite.submit')}
      ready={name.trim() !== ''}
      pending={make.isPending}
      error={make.error}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <Field
        label={t('nodes.name')}
        description={t('nodes.name.about')}
        data-autofocus
        value={name}
        onChange={setName}
      />
      <NativeSelect
        label={t('nodes.hours')}
        value={hours}
        onChange={(event) => setHours(Number(event.currentTarget.value))}
        data={hourChoices.map((value) => ({ value: String(value), label: t('nodes.hours.value', { count: value }) }))}
      />
    </FormDialog>
  );
}
