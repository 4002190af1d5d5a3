import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { t } from '../text/t.ts';
import { type CineOptions, CineSettings } from './cine-settings.tsx';
import { type ActionName, actionCommands, toolCommands } from './commands.ts';
import type { ToolName } from './cornerstone/tools.ts';
import type { View } from './cornerstone/view.ts';
import { Key } from './key.tsx';
import { PresetMenu } from './preset-menu.tsx';
import classes from './viewer.module.css';

interface ToolRailProps {
  readonly tool: ToolName;
  readonly onTool: (tool: ToolName) => void;
  readonly onAction: (action: ActionName) => void;
  readonly view: View | null;
  readonly cine: CineOptions;
  readonly onCine: (cine: CineOptions) => void;
}

/** The tools with their keys: first what the left button does, then what happens at once. */
export function ToolRail({ tool, onTool, onAction, view, cine, onCine }: ToolRailProps) {
  const playing = useSyncExternalStore(view?.subscribe ?? neverChanges, () => view?.state().playing ?? false);
  return (
    <section className={classes.tools} aria-label={t('viewer.tools')}>
      {toolCommands.map(({ name, label, key, icon: Icon }) => (
        <Tooltip key={name} label={t(label)} position="right">
          <ActionIcon
            className={classes.tool ?? ''}
            size={40}
            aria-label={t(label)}
            aria-keyshortcuts={key}
            aria-pressed={tool === name}
            onClick={() => onTool(name)}
          >
            <Icon size={20} stroke={1.6} aria-hidden />
            <Key text={key} />
          </ActionIcon>
        </Tooltip>
      ))}
      <hr className={classes.rule} />
      <PresetMenu view={view} />
      {actionCommands.map(({ name, label, key, icon }) => {
        const stop = name === 'cine' && playing;
        const Icon = stop ? IconPlayerStop : icon;
        const words = stop ? t('viewer.action.stop') : t(label);
        return (
          <Tooltip key={name} label={words} position="right">
            <ActionIcon
              className={classes.tool ?? ''}
              size={40}
              aria-label={words}
              aria-keyshortcuts={key}
              disabled={!view}
              onClick={() => onAction(name)}
            >
              <Icon size={20} stroke={1.6} aria-hidden />
              <Key text={key} />
            </ActionIcon>
          </Tooltip>
        );
      })}
      <CineSettings cine={cine} onChange={onCine} view={view} />
    </section>
  );
}

function neverChanges(): () => void {
  return () => undefined;
}
