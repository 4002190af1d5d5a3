import { Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Status, statusQuery } from '../api/status.ts';
import { Ago, useNow } from '../parts/ago.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { Facts } from '../parts/facts.tsx';
import { Page, Panel, Section } from '../parts/page.tsx';
import { ZoneBadge } from '../parts/zone.tsx';
import { formatBytes, formatDuration } from '../text/format.ts';
import { t } from '../text/t.ts';
import { Checks } from './checks.tsx';
import { Counts } from './counts.tsx';
import { DiskUse } from './disk-use.tsx';
import { QueueNumbers } from './queue-numbers.tsx';
import classes from './status-page.module.css';
import { Workers } from './workers.tsx';

/** Whether the server is well, and with what it is busy. */
export function StatusPage() {
  const { data, error, refetch } = useQuery(statusQuery);
  return (
    <Page title={t('status.title')} about={data && <About status={data} />}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Waiting />}
      {data && <Body status={data} />}
    </Page>
  );
}

function About({ status }: { readonly status: Status }) {
  const now = useNow();
  const seconds = (Math.max(now, Date.now()) - Date.parse(status.startedAt)) / 1_000;
  return t('status.about', { version: status.version, time: formatDuration(seconds) });
}

function Body({ status }: { readonly status: Status }) {
  const Icon = status.ready ? IconCircleCheck : IconAlertTriangle;
  return (
    <>
      <p className={classes.verdict} data-ready={status.ready} role="status">
        <Icon size={20} aria-hidden />
        {t(status.ready ? 'status.ready' : 'status.notReady')}
      </p>
      <Section title={t('status.checks')}>
        <Panel>
          <Checks checks={status.checks} />
        </Panel>
      </Section>
      <div className={classes.columns}>
        <Section title={t('status.archive')}>
          <Panel>
            <Counts counts={status.counts} />
          </Panel>
        </Section>
        <Section title={t('status.storage')}>
          <Panel>
            <DiskUse {...status.disk} />
          </Panel>
        </Section>
      </div>
      <div className={classes.columns}>
        <Section title={t('status.queue')}>
          <Panel>
            <QueueNumbers jobs={status.jobs} />
          </Panel>
        </Section>
        <Section title={t('status.workers')}>
          <Panel>
            <Workers workers={status.workers} />
          </Panel>
        </Section>
      </div>
      <Section title={t('status.server')}>
        <Panel className={classes.facts}>
          <Facts
            facts={[
              [t('status.version'), status.version],
              [t('status.started'), <Ago key="started" iso={status.startedAt} />],
              [t('status.zones'), <Zones key="zones" status={status} />],
              [t('status.threads'), t('status.threads.value', status.threads)],
              [
                t('status.memory'),
                t('status.memory.value', {
                  resident: formatBytes(status.memory.residentBytes),
                  heap: formatBytes(status.memory.heapUsedBytes),
                }),
              ],
            ]}
          />
        </Panel>
      </Section>
    </>
  );
}

function Zones({ status }: { readonly status: Status }) {
  return (
    <span className={classes.zones}>
      {status.zones.map((zone) => (
        <ZoneBadge key={zone} zone={zone} />
      ))}
    </span>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label={t('app.loading')} className={classes.waiting}>
      <Skeleton height={20} width={200} />
      <Skeleton height={148} />
      <Skeleton height={120} />
      <Skeleton height={120} />
    </div>
  );
}
