import { Button, FileButton } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { IconCloudUpload, IconFiles, IconFolder } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { t } from '../text/t.ts';
import { collectChosen, collectDropped } from './collect.ts';
import classes from './drop-area.module.css';
import { uploadQueue } from './upload.ts';

/** Takes files and folders, dropped anywhere on the page or chosen. */
export function DropArea({ small }: { readonly small: boolean }) {
  const over = useDropOnWindow();
  const folder = useRef<HTMLInputElement>(null);
  return (
    <div className={classes.area} data-small={small || undefined} data-over={over || undefined}>
      <IconCloudUpload size={small ? 24 : 40} stroke={1.3} aria-hidden />
      <div className={classes.words}>
        <p className={classes.title}>{t(over ? 'upload.drop.now' : 'upload.drop')}</p>
        {!small && <p className={classes.about}>{t('upload.drop.about')}</p>}
      </div>
      <div className={classes.buttons}>
        <FileButton
          multiple
          onChange={(files) => void uploadQueue.addFrom([files.map((file) => ({ file, path: file.name }))])}
          inputProps={{ 'aria-label': t('upload.files') }}
        >
          {(props) => (
            <Button {...props} variant={small ? 'default' : 'filled'} leftSection={<IconFiles size={16} aria-hidden />}>
              {t('upload.files')}
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          leftSection={<IconFolder size={16} aria-hidden />}
          onClick={() => folder.current?.click()}
        >
          {t('upload.folder')}
        </Button>
        <input
          ref={folder}
          type="file"
          hidden
          webkitdirectory=""
          aria-label={t('upload.folder')}
          onChange={(event) => {
            const { files } = event.currentTarget;
            if (files) void uploadQueue.addFrom([collectChosen(files)]);
            event.currentTarget.value = '';
          }}
        />
      </div>
    </div>
  );
}

/** Lets the whole window take drops; tells whether files hover over it now. */
function useDropOnWindow(): boolean {
  const [depth, setDepth] = useState(0);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  useWindowEvent('dragenter', (event) => {
    if (hasFiles(event)) setDepth((value) => value + 1);
  });
  useWindowEvent('dragleave', (event) => {
    if (hasFiles(event)) setDepth((value) => Math.max(0, value - 1));
  });
  useWindowEvent('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  useWindowEvent('drop', (event) => {
    if (!event.dataTransfer || !hasFiles(event)) return;
    event.preventDefault();
    setDepth(0);
    void uploadQueue.addFrom(collectDropped(event.dataTransfer));
  });
  return depth > 0;
}
