import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { t } from '../text/t.ts';

/** Says in a corner that something was done. */
export function say(message: string): void {
  notifications.show({ message, autoClose: 4_000 });
}

/** The same, with the way back for as long as it is shown. */
export function sayUndoable(message: string, undo: () => void): void {
  const id: string = notifications.show({
    message: (
      <>
        {message}{' '}
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {t('app.undo')}
        </Button>
      </>
    ),
    autoClose: 10_000,
  });
}
