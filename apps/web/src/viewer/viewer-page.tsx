import { createTheme, Loader, MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type StudyDetail, studyQuery } from '../api/studies.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { t } from '../text/t.ts';
import { cssVariables, theme } from '../theme/theme.ts';
import { startCornerstone } from './cornerstone/start.ts';
import classes from './viewer.module.css';
import { Viewer } from './viewer.tsx';

const root = '[data-viewer]';

/** Menus and dialogs open inside the viewer, so that they are dark as well. */
const viewerTheme = mergeThemeOverrides(
  theme,
  createTheme({ components: { Portal: { defaultProps: { target: root, reuseTargetNode: false } } } }),
);

/** The images of a study. Dark whatever the system says: bright surroundings cost contrast in what one looks at. */
export function ViewerPage() {
  useDocumentTitle(t('app.title', { page: t('viewer.title') }));
  return (
    <div className={classes.page} data-viewer data-mantine-color-scheme="dark">
      <MantineProvider
        theme={viewerTheme}
        cssVariablesResolver={cssVariables}
        forceColorScheme="dark"
        cssVariablesSelector={root}
        getRootElement={() => document.querySelector<HTMLElement>(root) ?? undefined}
      >
        <Loaded />
      </MantineProvider>
    </div>
  );
}

function Loaded() {
  const { uid } = useParams({ from: '/studies/$uid/view' });
  const { data: study, error, refetch } = useQuery(studyQuery(uid));
  const [ready, setReady] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  useEffect(() => {
    startCornerstone().then(() => setReady(true), setFailure);
  }, []);
  if (failure) throw failure;
  if (error && !study) return <ErrorState error={error} onRetry={() => void refetch()} page />;
  if (!study || !ready) return <Waiting study={study} />;
  return <Viewer study={study} />;
}

function Waiting({ study }: { readonly study: StudyDetail | undefined }) {
  return (
    <div className={classes.waiting} role="status">
      <Loader size="sm" />
      {t(study ? 'viewer.starting' : 'viewer.loading')}
    </div>
  );
}
