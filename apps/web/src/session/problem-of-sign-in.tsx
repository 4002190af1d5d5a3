import { type ErrorCode, errors } from '@isocenter/contract';
import { Button } from '@mantine/core';
import { Callout } from '../parts/callout.tsx';
import { useFirstFocus } from '../parts/use-first-focus.ts';
import { t } from '../text/t.ts';
import classes from './sign-in.module.css';

/** Why signing in with the provider came to nothing, and the way to begin again. */
export function ProblemOfSignIn({ code }: { readonly code: string }) {
  const { title, text } = wordsOf(code);
  const again = useFirstFocus<HTMLAnchorElement>();
  return (
    <div className={classes.form}>
      <Callout tone="bad" role="alert" title={title}>
        {text}
      </Callout>
      <Button component="a" ref={again} href="/" size="md" fullWidth>
        {t('app.retry')}
      </Button>
    </div>
  );
}

/** The address has the code only, so that nothing more can be put into our mouth. */
function wordsOf(code: string): { title: string; text: string } {
  if (!Object.hasOwn(errors, code)) return { title: t('session.failed'), text: t('error.server.what') };
  const { title, params, text, remedy } = errors[code as ErrorCode];
  const none = params.safeParse({});
  const what = none.success ? (text as (params: unknown) => string)(none.data) : '';
  return { title, text: [what, remedy].filter(Boolean).join(' ') };
}
