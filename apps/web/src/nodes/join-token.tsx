import { Button, Group, Modal, Stack } from '@mantine/core';
import { Callout } from '../parts/callout.tsx';
import { SecretBox } from '../parts/secret-box.tsx';
import { formatDateTime } from '../text/format.ts';
import { t } from '../text/t.ts';

interface JoinTokenProps {
  readonly name: string;
  readonly token: string;
  readonly expiresAt: string;
  readonly onClose: () => void;
}

/** The token by which another node joins, shown this once. */
export function JoinToken({ name, token, expiresAt, onClose }: JoinTokenProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('nodes.invite')}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Stack gap="md">
        <Callout tone="warn" title={t('tokens.once')}>
          {t('nodes.token.about', { name })}
        </Callout>
        <SecretBox label={t('nodes.token')} text={token} autoFocus />
        <span>{t('link.made.expires', { at: formatDateTime(expiresAt) })}</span>
        <Group justify="end">
          <Button onClick={onClose}>{t('app.done')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
