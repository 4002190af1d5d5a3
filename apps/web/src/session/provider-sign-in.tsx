import { Button } from '@mantine/core';
import { startAddress } from '../api/sign-in.ts';
import { t } from '../text/t.ts';

/** The way to another identity provider, which has a page of its own. */
export function ProviderSignIn({ name, returnTo }: { readonly name: string; readonly returnTo: string }) {
  return (
    <Button component="a" href={startAddress(returnTo)} size="md" fullWidth autoFocus>
      {t('session.with', { name })}
    </Button>
  );
}
