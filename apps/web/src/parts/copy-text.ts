import { notifications } from '@mantine/notifications';
import { t } from '../text/t.ts';

/** Puts text on the clipboard and says so; where the browser doesn't allow that, shows it to be copied by hand. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notifications.show({ message: t('study.copied'), autoClose: 2_500 });
  } catch {
    notifications.show({ message: text, autoClose: false });
  }
}
