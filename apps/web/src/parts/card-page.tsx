import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { t } from '../text/t.ts';
import classes from './card-page.module.css';

interface CardPageProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly children?: ReactNode;
  /** What stands under the card: ways to elsewhere. */
  readonly foot?: ReactNode;
  readonly wide?: boolean;
}

/** A page that is one card in the middle of the window: for whoever is not in the application yet. */
export function CardPage({ title, about, children, foot, wide = false }: CardPageProps) {
  useDocumentTitle(t('app.title', { page: title }));
  return (
    <main className={classes.page}>
      <div className={classes.column} data-wide={wide || undefined}>
        <div className={classes.card}>
          <div className={classes.brand}>
            <img src="/icon.svg" alt="" width={32} height={32} />
            <span>{t('app.name')}</span>
            <span className={classes.node}>{location.host}</span>
          </div>
          <h1 className={classes.title}>{title}</h1>
          {about && <div className={classes.about}>{about}</div>}
          {children}
        </div>
        {foot && <div className={classes.foot}>{foot}</div>}
      </div>
    </main>
  );
}
