import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { AccountPage } from '../account/account-page.tsx';
import { HomePage } from '../home/home-page.tsx';
import { JobPage } from '../jobs/job-page.tsx';
import { JobsPage } from '../jobs/jobs-page.tsx';
import { parseJobsSearch } from '../jobs/jobs-search.ts';
import { DevicePage } from '../join/device-page.tsx';
import { parseDeviceSearch } from '../join/device-search.ts';
import { ForgotPage } from '../join/forgot-page.tsx';
import { LinkPage } from '../join/link-page.tsx';
import { RegisterPage } from '../join/register-page.tsx';
import { NodesPage } from '../nodes/nodes-page.tsx';
import { OrganisationsPage } from '../organisations/organisations-page.tsx';
import { PeoplePage } from '../people/people-page.tsx';
import { parsePeopleSearch } from '../people/people-search.ts';
import { PersonPage } from '../people/person-page.tsx';
import { PermissionsPage } from '../permissions/permissions-page.tsx';
import { ProjectPage } from '../projects/project-page.tsx';
import { ProjectsPage } from '../projects/projects-page.tsx';
import { SignInPage } from '../session/sign-in-page.tsx';
import { parseSignInSearch } from '../session/sign-in-search.ts';
import { StatusPage } from '../status/status-page.tsx';
import { StudiesPage } from '../studies/studies-page.tsx';
import { parseStudiesSearch } from '../studies/studies-search.ts';
import { StudyPage } from '../study/study-page.tsx';
import { parseStudySearch } from '../study/study-search.ts';
import { TermsPage } from '../terms/terms-page.tsx';
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
const account = createRoute({ getParentRoute: () => shell, path: '/account', component: AccountPage });
const people = createRoute({
  getParentRoute: () => shell,
  path: '/admin/people',
  validateSearch: parsePeopleSearch,
  component: PeoplePage,
});
const person = createRoute({ getParentRoute: () => shell, path: '/admin/people/$id', component: PersonPage });
const organisations = createRoute({
  getParentRoute: () => shell,
  path: '/admin/organisations',
  component: OrganisationsPage,
});
const projects = createRoute({ getParentRoute: () => shell, path: '/admin/projects', component: ProjectsPage });
const project = createRoute({ getParentRoute: () => shell, path: '/admin/projects/$id', component: ProjectPage });
const nodes = createRoute({ getParentRoute: () => shell, path: '/admin/nodes', component: NodesPage });
const terms = createRoute({ getParentRoute: () => shell, path: '/admin/terms', component: TermsPage });
const permissions = createRoute({
  getParentRoute: () => shell,
  path: '/admin/permissions',
  component: PermissionsPage,
});
const status = createRoute({ getParentRoute: () => shell, path: '/admin/status', component: StatusPage });

/** For whoever is not signed in: these stand outside the gate. */
const open = { staticData: { open: true } } as const;
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: parseSignInSearch,
  component: SignInPage,
  ...open,
});
const register = createRoute({ getParentRoute: () => root, path: '/register', component: RegisterPage, ...open });
const link = createRoute({ getParentRoute: () => root, path: '/link', component: LinkPage, ...open });
const forgot = createRoute({ getParentRoute: () => root, path: '/forgot', component: ForgotPage, ...open });
const device = createRoute({
  getParentRoute: () => root,
  path: '/device',
  validateSearch: parseDeviceSearch,
  component: DevicePage,
  ...open,
});

/** Outside the shell: the viewer has the whole window, and its code is loaded when it is first opened. */
const viewer = createRoute({
  getParentRoute: () => root,
  path: '/studies/$uid/view',
  validateSearch: parseViewerSearch,
  component: lazyRouteComponent(() => import('../viewer/viewer-page.tsx'), 'ViewerPage'),
});

const inShell = [
  home,
  studies,
  study,
  upload,
  jobs,
  job,
  tracer,
  account,
  people,
  person,
  organisations,
  projects,
  project,
  nodes,
  terms,
  permissions,
  status,
] as const;
const tree = root.addChildren([shell.addChildren(inShell), viewer, signIn, register, link, forgot, device]);

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
  interface StaticDataRouteOption {
    /** Shown to whoever is not signed in. */
    readonly open?: boolean;
  }
}
