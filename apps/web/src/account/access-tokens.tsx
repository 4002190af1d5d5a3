import { Button, Modal, Skeleton } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type AccessToken, revokeToken, tokensQuery } from '../api/tokens.ts';
import { useChange } from '../api/use-change.ts';
import { Ago } from '../parts/ago.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { Irrevocable } from '../parts/irrevocable.tsx';
import { Panel, Section } from '../parts/page.tsx';
import { say } from '../parts/say.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { formatDateTime } from '../text/format.ts';
import { t } from '../text/t.ts';
import classes from './account.module.css';
import { NewToken } from './new-token.tsx';
import { scopeWords } from './scope-words.ts';

/** Tokens for programs that act in one's name. */
export function AccessTokens() {
  const [making, setMaking] = useState(false);
  const { data: rows, error, refetch } = useQuery(tokensQuery);
  return (
    <Section
      title={t('tokens.title')}
      actions={
        <Button size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setMaking(true)}>
          {t('tokens.new')}
        </Button>
      }
    >
      <Panel>
        {error && !rows && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!error && !rows && <Skeleton height={36} m="md" width="auto" role="status" aria-label={t('app.loading')} />}
        {rows?.length === 0 && (
          <StateBox icon={IconKey} title={t('tokens.empty.title')}>
            <p>{t('tokens.empty.what')}</p>
          </StateBox>
        )}
        {rows && rows.length > 0 && (
          <ul className={classes.rows} aria-label={t('tokens.title')}>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
        )}
      </Panel>
      <Modal
        opened={making}
        onClose={() => setMaking(false)}
        title={t('tokens.new')}
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        {making && <NewToken onClose={() => setMaking(false)} />}
      </Modal>
    </Section>
  );
}

function Row({ row }: { readonly row: AccessToken }) {
  const [revoking, setRevoking] = useState(false);
  const revoke = useChange(revokeToken, {
    stale: ['tokens'],
    onDone: () => {
      setRevoking(false);
      say(t('tokens.revoked', { name: row.name }));
    },
  });
  const over = Date.parse(row.expiresAt) < Date.now();
  return (
    <li className={classes.row}>
      <span className={classes.what}>
        <strong>
          {row.name} <small>{t('tokens.ending', { ending: row.ending })}</small>
        </strong>
        <small>{row.scopes.map(scopeWords).join(' · ')}</small>
        <small>
          {row.lastUsedAt === null ? (
            t('tokens.unused')
          ) : (
            <>
              {t('tokens.used')} <Ago iso={row.lastUsedAt} />
            </>
          )}
          ,{' '}
          <span className={over ? classes.warn : undefined}>
            {t(over ? 'tokens.expired' : 'tokens.expires', { at: formatDateTime(row.expiresAt) })}
          </span>
        </small>
      </span>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={t('tokens.revoke.name', { name: row.name })}
        onClick={() => setRevoking(true)}
      >
        {t('tokens.revoke')}…
      </Button>
      <Irrevocable
        opened={revoking}
        title={t('tokens.revoke.title')}
        word={t('tokens.revoke.word')}
        pending={revoke.isPending}
        onClose={() => setRevoking(false)}
        onConfirm={() => revoke.mutate(row.id)}
      >
        <p>{t('tokens.revoke.lost', { name: row.name })}</p>
      </Irrevocable>
    </li>
  );
}
