import { CloseButton, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { t } from '../text/t.ts';
import classes from './side-panel.module.css';

interface SidePanelProps {
  readonly title: ReactNode;
  /** Stand under the title and don't scroll away. */
  readonly buttons?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What a row is about, beside the list; where there is no room, over it. */
export function SidePanel({ title, buttons, onClose, children }: SidePanelProps) {
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const content = (
    <>
      <div className={classes.head}>
        <div className={classes.title}>{title}</div>
        <CloseButton onClick={onClose} aria-label={t('list.preview.close')} />
      </div>
      {buttons && <div className={classes.buttons}>{buttons}</div>}
      <div className={classes.body}>{children}</div>
    </>
  );
  if (wide) {
    return (
      <aside className={classes.panel} aria-label={t('list.preview')}>
        {content}
      </aside>
    );
  }
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="min(440px, 100%)"
      withCloseButton={false}
      padding={0}
      aria-label={t('list.preview')}
    >
      {content}
    </Drawer>
  );
}
