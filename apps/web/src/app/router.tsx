import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { HomePage } from '../home/home-page.tsx';
import { JobPage } from '../jobs/job-page.tsx';
import { JobsPage } from '../jobs/jobs-page.tsx';
import { parseJobsSearch } from '../jobs/jobs-search.ts';
import { StatusPage } from '../status/status-page.tsx';
import { StudiesPage } from '../studies/studies-page.tsx';
import { parseStudiesSearch } from '../studies/studies-search.ts';
import { StudyPage } from '../study/study-page.tsx';
import { parseStudySearch } from '../study/study-search.ts';
import { TracerPage } from '../tracer/tracer-page.tsx';
import { parseTracerSearch } from '../tracer/tracer-search.ts';
import { UploadPage } from '../upload/upload-page.tsx';
import { parseViewerSearch } from '../viewer/viewer-search.ts';
import { CrashPage } from './crash-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { Root } from './root.tsx';
import { parseSearch, stringifySearch } from './search-string.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Root, notFoundComponent: NotFoundPage, errorComponent: CrashPage });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const home = createRoute({ getParentRoute: () => shell, path: '/', component: HomePage });
const studies = createRoute({
  getParentRoute: () => shell,
  path: '/studies',
  validateSearch: parseStudiesSearch,
  component: StudiesPage,
});
const study = createRoute({
  getParentRoute: () => shell,
  path: '/studies/$uid',
  validateSearch: parseStudySearch,
  component: StudyPage,
});
const upload = createRoute({ getParentRoute: () => shell, path: '/upload', component: UploadPage });
const jobs = createRoute({
  getParentRoute: () => shell,
  path: '/jobs',
  validateSearch: parseJobsSearch,
  component: JobsPage,
});
const job = createRoute({ getParentRoute: () => shell, path: '/jobs/$id', component: JobPage });
const tracer = createRoute({
  getParentRoute: () => shell,
  path: '/tracer',
  validateSearch: parseTracerSearch,
  component: TracerPage,
});
const status = createRoute({ getParentRoute: () => shell, path: '/admin/status', component: StatusPage });
/** Outside the shell: the viewer has the whole window, and its code is loaded when it is first opened. */
const viewer = createRoute({
  getParentRoute: () => root,
  path: '/studies/$uid/view',
  validateSearch: parseViewerSearch,
  component: lazyRouteComponent(() => import('../viewer/viewer-page.tsx'), 'ViewerPage'),
});

const tree = root.addChildren([shell.addChildren([home, studies, study, upload, jobs, job, tracer, status]), viewer]);

export function createAppRouter() {
  return createRouter({
    routeTree: tree,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: CrashPage,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
