import { Button, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { endEverySession, endOneSession, type SessionRow, sessionsQuery } from '../api/account.ts';
import { useChange } from '../api/use-change.ts';
import { Ago } from '../parts/ago.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { Panel, Section } from '../parts/page.tsx';
import { say } from '../parts/say.tsx';
import { t } from '../text/t.ts';
import classes from './account.module.css';
import { describeAgent } from './agent.ts';

/** Where one is signed in, and the way out of there. */
export function Sessions() {
  const client = useQueryClient();
  const { data: rows, error, refetch } = useQuery(sessionsQuery);
  const endAll = useChange(endEverySession, {
    onDone: () => {
      client.clear();
      location.assign('/');
    },
  });
  return (
    <Section
      title={t('sessions.title')}
      actions={
        <Button
          variant="default"
          size="compact-sm"
          loading={endAll.isPending || endAll.isSuccess}
          onClick={() => endAll.mutate()}
        >
          {t('sessions.endAll')}
        </Button>
      }
    >
      <Panel>
        {error && !rows && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!error && !rows && <Skeleton height={36} m="md" width="auto" role="status" aria-label={t('app.loading')} />}
        {rows && (
          <ul className={classes.rows} aria-label={t('sessions.title')}>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
        )}
      </Panel>
    </Section>
  );
}

function Row({ row }: { readonly row: SessionRow }) {
  const end = useChange(endOneSession, { stale: ['account'], onDone: () => say(t('sessions.ended')) });
  const name = nameOf(row.agent);
  return (
    <li className={classes.row}>
      <span className={classes.what}>
        <strong>
          {name}
          {row.current && <span className={classes.tag}>{t('sessions.current')}</span>}
        </strong>
        <small>
          {t('sessions.began')} <Ago iso={row.createdAt} />, {t('sessions.seen')} <Ago iso={row.lastSeenAt} />
        </small>
      </span>
      {!row.current && (
        <Button
          variant="default"
          size="compact-sm"
          loading={end.isPending}
          aria-label={t('sessions.end.name', { name })}
          onClick={() => end.mutate(row.id)}
        >
          {t('sessions.end')}
        </Button>
      )}
    </li>
  );
}

function nameOf(agent: string): string {
  const known = describeAgent(agent);
  if (known === null) return agent || t('sessions.unknown');
  return known.system === null ? known.browser : t('sessions.on', { browser: known.browser, system: known.system });
}
