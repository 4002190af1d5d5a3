import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { t } from '../text/t.ts';
import classes from './page.module.css';

interface PageProps {
  readonly title: string;
  /** What the tab says, when that is more than the heading; never patient data, since it goes into the history. */
  readonly tabTitle?: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The page fills the window and scrolls inside, as lists do; `wide` only where there is room for that. */
  readonly fill?: boolean | 'wide';
}

/** Heading, actions and content in the rhythm that every page has. */
export function Page({ title, tabTitle, about, actions, children, fill = false }: PageProps) {
  useDocumentTitle(t('app.title', { page: tabTitle ?? title }));
  return (
    <div className={classes.page} data-fill={fill ? String(fill) : undefined}>
      <div className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        {actions && <div className={classes.actions}>{actions}</div>}
        {about && <div className={classes.about}>{about}</div>}
      </div>
      {children}
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.sectionHead}>
        <h2 className={classes.sectionTitle}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** A bordered surface that things lie on. */
export function Panel({
  children,
  className = '',
}: {
  readonly children: ReactNode;
  readonly className?: string | undefined;
}) {
  return <div className={`${classes.panel} ${className}`}>{children}</div>;
}
