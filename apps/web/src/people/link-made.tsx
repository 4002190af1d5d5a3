import { Button, Group, Modal, Stack } from '@mantine/core';
import type { MadeLink } from '../api/people.ts';
import { Callout } from '../parts/callout.tsx';
import { SecretBox } from '../parts/secret-box.tsx';
import { formatDateTime } from '../text/format.ts';
import { t } from '../text/t.ts';

interface LinkMadeProps {
  readonly title: string;
  readonly name: string;
  /** Undefined while there is none to show. */
  readonly link: MadeLink | undefined;
  readonly onClose: () => void;
}

/** A link that works once, to be given to whom it is for. */
export function LinkMade({ title, name, link, onClose }: LinkMadeProps) {
  return (
    <Modal
      opened={link !== undefined}
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {link && (
        <Stack gap="md">
          <Callout tone="warn">{t(link.mailed ? 'link.made.mailed' : 'link.made.give', { name })}</Callout>
          <SecretBox label={t('link.made')} text={link.address} autoFocus />
          <span>{t('link.made.expires', { at: formatDateTime(link.expiresAt) })}</span>
          <Group justify="end">
            <Button onClick={onClose}>{t('app.done')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
