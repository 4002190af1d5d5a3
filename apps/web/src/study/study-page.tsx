import { Skeleton } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type StudyDetail, studyQuery } from '../api/studies.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Page } from '../parts/page.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { ZoneFrame } from '../parts/zone.tsx';
import { patientOf } from '../studies/study-words.ts';
import { t } from '../text/t.ts';
import { SeriesList } from './series-list.tsx';
import { SeriesPanel } from './series-panel.tsx';
import { StudyActions } from './study-actions.tsx';
import { StudyHead } from './study-head.tsx';
import classes from './study-page.module.css';

/** One study: what it is, its series in pictures, and everything in their headers. */
export function StudyPage() {
  const { uid } = useParams({ from: '/shell/studies/$uid' });
  const { data: study, error, refetch } = useQuery(studyQuery(uid));
  if (error && !study) {
    return (
      <Page title={t('study.title')}>
        <ErrorState error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (!study) return <Waiting />;
  return (
    <ZoneFrame zone={study.zone}>
      <Page
        title={patientOf(study)}
        tabTitle={t('study.title')}
        about={<StudyHead study={study} />}
        actions={<StudyActions study={study} />}
        fill="wide"
      >
        <Body study={study} />
      </Page>
    </ZoneFrame>
  );
}

function Body({ study }: { readonly study: StudyDetail }) {
  const search = useSearch({ from: '/shell/studies/$uid' });
  const navigate = useNavigate({ from: '/studies/$uid' });
  const open = study.series.find((series) => series.seriesInstanceUid === search.series) ?? study.series[0];
  if (!open) {
    return (
      <StateBox icon={IconStack2} title={t('study.series.none.title')}>
        <p>{t('study.series.none.what')}</p>
      </StateBox>
    );
  }
  return (
    <div className={classes.body}>
      <SeriesList
        study={study}
        open={open.seriesInstanceUid}
        onOpen={(series) =>
          void navigate({ search: { series, ...(search.tab ? { tab: search.tab } : {}) }, replace: true })
        }
      />
      <SeriesPanel
        key={open.seriesInstanceUid}
        study={study}
        series={open}
        search={search}
        onChange={(part) => void navigate({ search: { ...search, ...part }, replace: true })}
      />
    </div>
  );
}

function Waiting() {
  return (
    <Page title={t('study.title')} about={<Skeleton height={14} width={420} mt={8} />} fill="wide">
      <div className={classes.body} role="status" aria-label={t('app.loading')}>
        <div className={classes.list}>
          {[0, 1, 2, 3].map((index) => (
            <div key={index} className={classes.card}>
              <Skeleton height={80} width={80} />
              <div style={{ flex: 1 }}>
                <Skeleton height={12} width="70%" mb={8} />
                <Skeleton height={12} width="40%" />
              </div>
            </div>
          ))}
        </div>
        <div className={classes.panel} />
      </div>
    </Page>
  );
}
