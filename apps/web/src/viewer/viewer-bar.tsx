import { ActionIcon, SegmentedControl, Tooltip, VisuallyHidden } from '@mantine/core';
import {
  IconArrowLeft,
  IconColumns2,
  IconKeyboard,
  IconLayoutGrid,
  IconLayoutSidebarRight,
  IconMaximize,
  IconSquare,
  IconTypography,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { StudyDetail } from '../api/studies.ts';
import { ZoneBadge } from '../parts/zone.tsx';
import { patientOf, studyLabel } from '../studies/study-words.ts';
import { t } from '../text/t.ts';
import type { Panes } from './use-panes.ts';
import classes from './viewer.module.css';
import { type Layout, layouts } from './viewer-search.ts';

const layoutIcons = { '1x1': IconSquare, '1x2': IconColumns2, '2x2': IconLayoutGrid };

interface ViewerBarProps {
  readonly study: StudyDetail;
  readonly panes: Panes;
  readonly text: boolean;
  readonly onText: (shown: boolean) => void;
  readonly strip: boolean;
  readonly onStrip: (shown: boolean) => void;
  readonly onFullscreen: () => void;
  readonly onKeys: () => void;
}

/** Whose images these are, and how they are laid out. */
export function ViewerBar({ study, panes, text, onText, strip, onStrip, onFullscreen, onKeys }: ViewerBarProps) {
  return (
    <header className={classes.bar}>
      <Tooltip label={t('viewer.back')}>
        <ActionIcon
          aria-label={t('viewer.back')}
          renderRoot={(props) => <Link to="/studies/$uid" params={{ uid: study.studyInstanceUid }} {...props} />}
        >
          <IconArrowLeft size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <h1 className={classes.title}>
        {patientOf(study)} <span>{studyLabel(study)}</span>
      </h1>
      <ZoneBadge zone={study.zone} />
      <div className={classes.barEnd}>
        <SegmentedControl
          className={classes.layouts ?? ''}
          size="xs"
          aria-label={t('viewer.layout')}
          value={panes.layout}
          onChange={(value) => panes.setLayout(value as Layout)}
          data={layouts.map((layout) => {
            const Icon = layoutIcons[layout];
            return {
              value: layout,
              label: (
                <span className={classes.layout} title={t(`viewer.layout.${layout}`)}>
                  <Icon size={18} stroke={1.6} aria-hidden />
                  <VisuallyHidden>{t(`viewer.layout.${layout}`)}</VisuallyHidden>
                </span>
              ),
            };
          })}
        />
        <Toggle label={t('viewer.action.text')} shortcut="o" pressed={text} onPress={() => onText(!text)}>
          <IconTypography size={18} stroke={1.7} aria-hidden />
        </Toggle>
        <Toggle label={t('viewer.action.strip')} shortcut="t" pressed={strip} onPress={() => onStrip(!strip)}>
          <IconLayoutSidebarRight size={18} stroke={1.7} aria-hidden />
        </Toggle>
        <Tooltip label={t('viewer.action.fullscreen')}>
          <ActionIcon aria-label={t('viewer.action.fullscreen')} onClick={onFullscreen} visibleFrom="sm">
            <IconMaximize size={18} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('viewer.action.keys')}>
          <ActionIcon aria-label={t('viewer.action.keys')} aria-keyshortcuts="?" onClick={onKeys} visibleFrom="sm">
            <IconKeyboard size={18} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly shortcut: string;
  readonly pressed: boolean;
  readonly onPress: () => void;
  readonly children: React.ReactNode;
}

function Toggle({ label, shortcut, pressed, onPress, children }: ToggleProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        className={classes.toggle ?? ''}
        aria-label={label}
        aria-keyshortcuts={shortcut}
        aria-pressed={pressed}
        onClick={onPress}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
