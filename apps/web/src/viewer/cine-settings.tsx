import { ActionIcon, Checkbox, Popover, Slider, Stack, Text, Tooltip } from '@mantine/core';
import { IconClockPlay } from '@tabler/icons-react';
import { t } from '../text/t.ts';
import type { View } from './cornerstone/view.ts';
import classes from './viewer.module.css';

export interface CineOptions {
  /** Frames a second. */
  readonly rate: number;
  readonly loop: boolean;
}

interface CineSettingsProps {
  readonly cine: CineOptions;
  readonly onChange: (cine: CineOptions) => void;
  readonly view: View | null;
}

/** How fast, and whether round and round. */
export function CineSettings({ cine, onChange, view }: CineSettingsProps) {
  const change = (next: CineOptions) => {
    onChange(next);
    if (view?.state().playing) view.play(next.rate, next.loop);
  };
  return (
    <Popover position="right-end" width={240} trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('viewer.cine')} position="right">
          <ActionIcon className={classes.tool ?? ''} size={40} aria-label={t('viewer.cine')}>
            <IconClockPlay size={20} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('viewer.cine')}>
        <Stack gap="sm">
          <Text size="sm" id="cine-rate">
            {t('viewer.cine.rate')}: {cine.rate}
          </Text>
          <Slider
            min={1}
            max={60}
            value={cine.rate}
            label={null}
            thumbProps={{ 'aria-labelledby': 'cine-rate' }}
            onChange={(rate) => change({ ...cine, rate })}
          />
          <Checkbox
            label={t('viewer.cine.loop')}
            checked={cine.loop}
            onChange={(event) => change({ ...cine, loop: event.currentTarget.checked })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
