import { ActionIcon, Button, Skeleton, Tabs, Tooltip } from '@mantine/core';
import { IconEye, IconLink } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { seriesPath } from '../api/dicomweb.ts';
import type { SeriesRow, StudyDetail } from '../api/studies.ts';
import { copyText } from '../parts/copy-text.ts';
import { t } from '../text/t.ts';
import { seriesTitle } from './series-words.ts';
import classes from './study-page.module.css';
import { type StudySearch, type StudyTab, studyTabs } from './study-search.ts';

// Both need the DICOM dictionary, which nothing else on these pages does.
const SeriesFacts = lazy(() => import('./series-facts.tsx').then(({ SeriesFacts }) => ({ default: SeriesFacts })));
const HeaderTab = lazy(() => import('./header-tab.tsx').then(({ HeaderTab }) => ({ default: HeaderTab })));

interface SeriesPanelProps {
  readonly study: StudyDetail;
  readonly series: SeriesRow;
  readonly search: StudySearch;
  readonly onChange: (part: Partial<StudySearch>) => void;
}

/** Everything about the series that is open. */
export function SeriesPanel({ study, series, search, onChange }: SeriesPanelProps) {
  const uid = study.studyInstanceUid;
  const tab = search.tab ?? 'details';
  return (
    <section className={classes.panel} aria-label={seriesTitle(series)}>
      <div className={classes.panelHead}>
        <h2>{seriesTitle(series)}</h2>
        <div className={classes.panelActions}>
          <Tooltip label={t('series.copyUrl')}>
            <ActionIcon
              aria-label={t('series.copyUrl')}
              onClick={() => void copyText(new URL(seriesPath(uid, series.seriesInstanceUid), location.href).href)}
            >
              <IconLink size={18} stroke={1.7} aria-hidden />
            </ActionIcon>
          </Tooltip>
          {series.hasPixels && (
            <Button
              size="compact-md"
              variant="light"
              leftSection={<IconEye size={16} aria-hidden />}
              renderRoot={(props) => (
                <Link
                  to="/studies/$uid/view"
                  params={{ uid }}
                  search={{ series: [series.seriesInstanceUid] }}
                  {...props}
                />
              )}
            >
              {t('series.view')}
            </Button>
          )}
        </div>
      </div>
      <Tabs
        value={tab}
        onChange={(value) => onChange({ tab: value as StudyTab })}
        classNames={{ root: classes.tabs ?? '', panel: classes.tabPanel ?? '' }}
        keepMounted={false}
      >
        <Tabs.List px="md">
          {studyTabs.map((value) => (
            <Tabs.Tab key={value} value={value}>
              {t(`series.tab.${value}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="details">
          <Suspense fallback={<Lines />}>
            <SeriesFacts study={uid} series={series} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="header">
          <Suspense fallback={<Lines />}>
            <HeaderTab
              study={study}
              series={series}
              instance={search.instance ?? 1}
              onInstance={(instance) => onChange({ instance })}
            />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function Lines() {
  return (
    <div role="status" aria-label={t('app.loading')} className={classes.lines}>
      {[60, 40, 70, 50, 45, 65].map((width) => (
        <Skeleton key={width} height={12} width={`${width}%`} />
      ))}
    </div>
  );
}
