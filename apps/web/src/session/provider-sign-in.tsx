import { Button } from '@mantine/core';
import { startAddress } from '../api/sign-in.ts';
import { useFirstFocus } from '../parts/use-first-focus.ts';
import { t } from '../text/t.ts';

/** The way to another identity provider, which has a page of its own. */
export function ProviderSignIn({ name, returnTo }: { readonly name: string; readonly returnTo: string }) {
  const go = useFirstFocus<HTMLAnchorElement>();
  return (
    <Button component="a" ref={go} href={startAddress(returnTo)} size="md" fullWidth>
      {t('session.with', { name })}
    </Button>
  );
}
