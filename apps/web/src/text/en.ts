import { account } from './en/account.ts';
import { administration } from './en/administration.ts';
import { app } from './en/app.ts';
import { home } from './en/home.ts';
import { jobs } from './en/jobs.ts';
import { lists } from './en/lists.ts';
import { roles } from './en/roles.ts';
import { session } from './en/session.ts';
import { status } from './en/status.ts';
import { studies } from './en/studies.ts';
import { study } from './en/study.ts';
import { tracer } from './en/tracer.ts';
import { upload } from './en/upload.ts';
import { viewer } from './en/viewer.ts';

/** Every English text of the pages, by key; a translation is another object with the same keys. */
export const en = {
  ...account,
  ...administration,
  ...app,
  ...home,
  ...jobs,
  ...lists,
  ...roles,
  ...session,
  ...status,
  ...studies,
  ...study,
  ...tracer,
  ...upload,
  ...viewer,
} as const;
