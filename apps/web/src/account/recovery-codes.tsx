import { Button, Group, Stack } from '@mantine/core';
import { IconCopy, IconDownload } from '@tabler/icons-react';
import { Callout } from '../parts/callout.tsx';
import { copyText } from '../parts/copy-text.ts';
import { saveText } from '../parts/save-text.ts';
import { t } from '../text/t.ts';
import classes from './account.module.css';

/** The codes for when the second factor is lost, shown this once. */
export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const text = `${codes.join('\n')}\n`;
  return (
    <Stack gap="md">
      <Callout tone="warn" title={t('recovery.once')}>
        {t('recovery.about')}
      </Callout>
      <ul className={classes.codes} aria-label={t('recovery.title')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="xs">
        <Button variant="default" leftSection={<IconCopy size={16} aria-hidden />} onClick={() => void copyText(text)}>
          {t('recovery.copy')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => saveText('isocenter-recovery-codes.txt', text)}
        >
          {t('recovery.download')}
        </Button>
        <Button ml="auto" onClick={onDone} autoFocus>
          {t('recovery.kept')}
        </Button>
      </Group>
    </Stack>
  );
}
