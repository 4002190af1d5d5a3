import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { t } from '../text/t.ts';
import classes from './irrevocable.module.css';

interface IrrevocableProps {
  readonly opened: boolean;
  readonly title: string;
  /** What will be lost. */
  readonly children: ReactNode;
  /** What has to be typed. */
  readonly word: string;
  readonly pending: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

/** Names what can't be undone and takes a typed word for it. */
export function Irrevocable({ opened, title, onClose, ...rest }: IrrevocableProps) {
  return (
    <Modal
      opened={opened}
      onClose={() => !rest.pending && onClose()}
      title={title}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {opened && <Confirm title={title} onClose={onClose} {...rest} />}
    </Modal>
  );
}

function Confirm({ title, children, word, pending, onClose, onConfirm }: Omit<IrrevocableProps, 'opened'>) {
  const [typed, setTyped] = useState('');
  const ready = typed.trim().toLowerCase() === word.toLowerCase();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onConfirm();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <div className={classes.lost}>{children}</div>
        <TextInput
          label={t('irrevocable.type', { word })}
          value={typed}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={pending}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" className={classes.danger ?? ''} disabled={!ready} loading={pending}>
            {title}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
