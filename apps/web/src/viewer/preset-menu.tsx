import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { t } from '../text/t.ts';
import { troubles } from './cornerstone/failures.ts';
import type { View } from './cornerstone/view.ts';
import { Key } from './key.tsx';
import { presetsOf } from './presets.ts';
import classes from './viewer.module.css';

/** Windows to choose: the file's own, those of the modality, and one fitted to the image. */
export function PresetMenu({ view }: { readonly view: View | null }) {
  return (
    <Menu position="right-start" width={264} withinPortal>
      <Menu.Target>
        <Tooltip label={t('viewer.action.presets')} position="right">
          <ActionIcon className={classes.tool ?? ''} size={40} aria-label={t('viewer.action.presets')} disabled={!view}>
            <IconAdjustments size={20} stroke={1.6} aria-hidden />
            <Key text="1–9" />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>{view && <Items view={view} />}</Menu.Dropdown>
    </Menu>
  );
}

function Items({ view }: { readonly view: View }) {
  const image = view.image();
  if (image && troubles.get().get(image.imageId)?.kind === 'rendered') {
    return <Menu.Label>{t('viewer.preset.none')}</Menu.Label>;
  }
  return (
    <>
      {(image ? presetsOf(image.header) : []).map((preset, index) => (
        <Menu.Item
          key={`${preset.name} ${preset.center} ${preset.width}`}
          leftSection={<span className={classes.presetKey}>{index < 9 ? index + 1 : ''}</span>}
          rightSection={
            <span className={classes.presetValues}>
              {t('viewer.preset.values', { center: String(preset.center), width: String(preset.width) })}
            </span>
          }
          onClick={() => view.setWindow(preset.center, preset.width)}
        >
          {preset.name}
        </Menu.Item>
      ))}
      <Menu.Item leftSection={<span className={classes.presetKey}>F</span>} onClick={() => view.setAutoWindow()}>
        {t('viewer.preset.auto')}
      </Menu.Item>
    </>
  );
}
