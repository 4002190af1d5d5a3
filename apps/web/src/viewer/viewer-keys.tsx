import { Kbd, Modal } from '@mantine/core';
import { t } from '../text/t.ts';
import { actionCommands, toolCommands } from './commands.ts';
import classes from './viewer-keys.module.css';

/** All keys of the viewer, behind `?`. */
export function ViewerKeys({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const rows: readonly (readonly [keys: readonly string[], label: string])[] = [
    ...[...toolCommands, ...actionCommands].map(({ key, label }) => [[key.toUpperCase()], t(label)] as const),
    [['1', '…', '9'], t('viewer.keys.presets')],
    [['F'], t('viewer.preset.auto')],
    [['↓', '↑'], t('viewer.keys.scroll')],
    [['PgDn', 'PgUp'], t('viewer.keys.page')],
    [['Home', 'End'], t('viewer.keys.ends')],
    [['+', '−'], t('viewer.keys.zoom')],
    [[']', '['], t('viewer.keys.series')],
    [['N'], t('viewer.keys.panes')],
    [['O'], t('viewer.action.text')],
    [['T'], t('viewer.action.strip')],
    [['?'], t('viewer.action.keys')],
  ];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('viewer.keys.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <dl className={classes.keys}>
        {rows.map(([keys, label]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <h3 className={classes.title}>{t('viewer.keys.mouse')}</h3>
      <ul className={classes.mouse}>
        <li>{t('viewer.keys.left')}</li>
        <li>{t('viewer.keys.middle')}</li>
        <li>{t('viewer.keys.right')}</li>
        <li>{t('viewer.keys.wheel')}</li>
        <li>{t('viewer.keys.double')}</li>
      </ul>
    </Modal>
  );
}
