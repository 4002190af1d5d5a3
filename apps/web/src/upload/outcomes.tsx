import { Button, SegmentedControl } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { saveCsv } from '../list/csv.ts';
import { Windowed } from '../list/windowed.tsx';
import { formatNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { type ItemState, itemStates, type UploadSnapshot } from './item.ts';
import { OutcomeRow, outcomeText } from './outcome-row.tsx';
import classes from './upload-page.module.css';

type Shown = ItemState | 'all';

/** What became of every file. */
export function Outcomes({ upload }: { readonly upload: UploadSnapshot }) {
  const [wanted, setWanted] = useState<Shown>('all');
  const present = itemStates.filter((state) => upload.counts[state] > 0);
  const shown = wanted !== 'all' && !present.includes(wanted) ? 'all' : wanted;
  const items = shown === 'all' ? upload.items : upload.items.filter((item) => item.state === shown);
  const save = () =>
    saveCsv('upload.csv', [
      [t('upload.file'), t('upload.size'), t('upload.outcome'), 'SOPInstanceUID'],
      ...upload.items.map((item) => [item.path, item.file.size, outcomeText(item), item.sopInstanceUid ?? '']),
    ]);
  return (
    <>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label={t('upload.filter.label')}
          value={shown}
          onChange={(value) => setWanted(value as Shown)}
          data={[
            { value: 'all', label: `${t('upload.filter.all')} ${formatNumber(upload.items.length)}` },
            ...present.map((state) => ({
              value: state,
              label: `${t(`upload.state.${state}`)} ${formatNumber(upload.counts[state])}`,
            })),
          ]}
        />
        <Button size="compact-sm" variant="subtle" leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>
          {t('upload.export')}
        </Button>
      </div>
      <div className={classes.list}>
        {items.length === 0 ? (
          <p className={classes.none}>{t('upload.list.none')}</p>
        ) : (
          <Windowed
            count={items.length}
            rowHeight={40}
            label={t('upload.list')}
            row={(index) => {
              const item = items[index];
              return item && <OutcomeRow item={item} />;
            }}
          />
        )}
      </div>
    </>
  );
}
