import { Kbd, Modal } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useSyncExternalStore } from 'react';
import { createStore } from '../parts/store.ts';
import { type PlainKey, t } from '../text/t.ts';
import classes from './keyboard-help.module.css';

const opened = createStore(false);

export function openKeyboardHelp(): void {
  opened.set(true);
}

type Row = readonly [keys: readonly string[], label: PlainKey];

const anywhere: readonly Row[] = [
  [['Ctrl', 'K'], 'keys.spotlight'],
  [['?'], 'keys.help'],
];

const list: readonly Row[] = [
  [['j'], 'keys.list.next'],
  [['k'], 'keys.list.previous'],
  [['Enter'], 'keys.list.open'],
  [['Space'], 'keys.list.preview'],
  [['x'], 'keys.list.select'],
  [['/'], 'keys.list.search'],
  [['Esc'], 'keys.list.close'],
];

/** The list of shortcuts, behind `?`. */
export function KeyboardHelp() {
  const open = useSyncExternalStore(opened.subscribe, opened.get);
  useWindowEvent('keydown', (event) => {
    const typing =
      event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]');
    // The viewer has keys of its own and shows them itself.
    if (event.key === '?' && !typing && !document.querySelector('[data-viewer]')) opened.set(true);
  });
  return (
    <Modal
      opened={open}
      onClose={() => opened.set(false)}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Keys title={t('keys.anywhere')} rows={anywhere} />
      <Keys title={t('keys.list')} rows={list} />
    </Modal>
  );
}

function Keys({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  return (
    <section className={classes.section}>
      <h3 className={classes.title}>{title}</h3>
      <dl className={classes.keys}>
        {rows.map(([keys, label]) => (
          <div key={label}>
            <dt>{t(label)}</dt>
            <dd>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
