import { Button, Code } from '@mantine/core';
import { IconPlugConnected, IconTerminal2, IconUpload, type TablerIcon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { copyText } from '../parts/copy-text.ts';
import { Panel } from '../parts/page.tsx';
import { t } from '../text/t.ts';
import classes from './home-page.module.css';

/** The first step, while there is nothing yet. */
export function GettingStarted() {
  const address = new URL('/dicom-web', location.href).href;
  const command = t('home.start.send.command');
  return (
    <Panel className={classes.start}>
      <h2>{t('home.start.title')}</h2>
      <p className={classes.soft}>{t('home.start.about')}</p>
      <div className={classes.ways}>
        <Way icon={IconUpload} title={t('home.start.upload')} about={t('home.start.upload.about')}>
          <Button component={Link} to="/upload">
            {t('studies.empty.upload')}
          </Button>
        </Way>
        <Way icon={IconTerminal2} title={t('home.start.send')} about={t('home.start.send.about')}>
          <Copyable text={command} />
        </Way>
        <Way icon={IconPlugConnected} title={t('home.start.web')} about={t('home.start.web.about')}>
          <Copyable text={address} />
        </Way>
      </div>
    </Panel>
  );
}

interface WayProps {
  readonly icon: TablerIcon;
  readonly title: string;
  readonly about: string;
  readonly children: ReactNode;
}

function Way({ icon: Icon, title, about, children }: WayProps) {
  return (
    <div className={classes.way}>
      <Icon size={24} stroke={1.5} color="var(--accent)" aria-hidden />
      <h3>{title}</h3>
      <p className={classes.soft}>{about}</p>
      {children}
    </div>
  );
}

function Copyable({ text }: { readonly text: string }) {
  return (
    <span className={classes.copyable}>
      <Code>{text}</Code>
      <Button variant="default" size="compact-sm" onClick={() => void copyText(text)}>
        {t('home.start.copy')}
      </Button>
    </span>
  );
}
