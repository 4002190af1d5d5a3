import { useQuery } from '@tanstack/react-query';
import { studiesQuery } from '../api/studies.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import { GettingStarted } from './getting-started.tsx';
import { Numbers } from './numbers.tsx';
import { RecentStudies } from './recent-studies.tsx';
import { UnderWay } from './under-way.tsx';
import { Waiting } from './waiting.tsx';

const recent = 8;

/** What waits for me, each item one click from being done; then what is new. */
export function HomePage() {
  const may = useMay();
  const { data, error, refetch } = useQuery({
    ...studiesQuery({ sort: '-receivedAt', offset: 0, limit: recent }),
    enabled: may('study.read'),
  });
  return (
    <Page title={t('home.title')}>
      {data?.total === 0 && may('instance.store') && <GettingStarted />}
      <Waiting />
      {may('job.read') && <UnderWay />}
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {may('study.read') && !(error && !data) && data?.total !== 0 && (
        <RecentStudies studies={data?.items} placeholders={recent} />
      )}
      {may('status.read') && <Numbers />}
    </Page>
  );
}
