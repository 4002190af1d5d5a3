import { Button, CloseButton, Drawer, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { studyQuery } from '../api/studies.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { ZoneBadge } from '../parts/zone.tsx';
import { StudyFacts } from '../study/study-facts.tsx';
import { t } from '../text/t.ts';
import classes from './preview-panel.module.css';
import { patientOf } from './study-words.ts';

interface PreviewPanelProps {
  readonly uid: string;
  readonly onClose: () => void;
}

/** A study at a glance beside the list; where there is no room, over it. */
export function PreviewPanel({ uid, onClose }: PreviewPanelProps) {
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  if (wide) {
    return (
      <aside className={classes.panel} aria-label={t('list.preview')}>
        <Preview uid={uid} onClose={onClose} />
      </aside>
    );
  }
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="min(400px, 100%)"
      withCloseButton={false}
      padding={0}
      title={undefined}
    >
      <Preview uid={uid} onClose={onClose} />
    </Drawer>
  );
}

function Preview({ uid, onClose }: PreviewPanelProps) {
  const { data: study, error, refetch } = useQuery(studyQuery(uid));
  const close = <CloseButton onClick={onClose} aria-label={t('list.preview.close')} />;
  if (error && !study) {
    return (
      <>
        <div className={classes.head}>{close}</div>
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  return (
    <>
      <div className={classes.head}>
        <div className={classes.title}>
          {study ? <h2>{patientOf(study)}</h2> : <Skeleton height={16} width={160} />}
          {study && <ZoneBadge zone={study.zone} />}
        </div>
        {close}
      </div>
      <div className={classes.buttons}>
        <Button component={Link} to={`/studies/${uid}`} variant="default" flex={1}>
          {t('studies.preview.open')}
        </Button>
        <Button
          component={Link}
          to={`/studies/${uid}/view`}
          flex={1}
          disabled={!study?.series.some((series) => series.hasPixels)}
        >
          {t('studies.preview.view')}
        </Button>
      </div>
      <div className={classes.body}>
        {study ? (
          <>
            <ul className={classes.thumbnails}>
              {study.series.map((series) => (
                <li key={series.seriesInstanceUid}>
                  <Link
                    to="/studies/$uid"
                    params={{ uid }}
                    search={{ series: series.seriesInstanceUid }}
                    className={classes.series}
                  >
                    <Thumbnail study={uid} series={series} />
                    <span>{series.description || series.modality}</span>
                  </Link>
                </li>
              ))}
            </ul>
            <StudyFacts study={study} />
          </>
        ) : (
          <div className={classes.thumbnails} role="status" aria-label={t('app.loading')}>
            {[0, 1, 2].map((index) => (
              <Skeleton key={index} height={112} />
            ))}
          </div>
        )}
      </div>
    </>
  );
}
