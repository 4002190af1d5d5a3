import { Anchor, Button, Collapse } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { offerQuery, type SignInOffer } from '../api/sign-in.ts';
import { CardPage } from '../parts/card-page.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { t } from '../text/t.ts';
import { DemoPeople } from './demo-people.tsx';
import { PasswordSignIn } from './password-sign-in.tsx';
import { ProblemOfSignIn } from './problem-of-sign-in.tsx';
import { ProviderSignIn } from './provider-sign-in.tsx';
import classes from './sign-in.module.css';
import { Splash } from './splash.tsx';
import { TokenSignIn } from './token-sign-in.tsx';

interface SignInProps {
  /** Someone was signed in on this page before. */
  readonly ended?: boolean;
  /** Where to go afterwards; by default the page at whose address this stands. */
  readonly returnTo?: string;
  /** A sign-in that began elsewhere, for which the password is asked here. */
  readonly interaction?: string | undefined;
  /** The code of what went wrong at the provider. */
  readonly problem?: string | undefined;
  /** The access token is what one came for. */
  readonly token?: boolean;
}

const here = (): string => `${location.pathname}${location.search}${location.hash}`;

/** Every way to sign in that this node has. */
export function SignIn(props: SignInProps) {
  const { data: offer, error, isPending, refetch } = useQuery(offerQuery);
  if (isPending) return <Splash />;
  if (!offer) return <ErrorState error={error} onRetry={() => void refetch()} page />;
  return (
    <CardPage title={t('session.title')} about={aboutOf(props, offer)} foot={<Foot offer={offer} />}>
      {props.problem ? <ProblemOfSignIn code={props.problem} /> : <Ways offer={offer} {...props} />}
    </CardPage>
  );
}

function aboutOf({ ended, problem, interaction }: SignInProps, offer: SignInOffer): string | undefined {
  if (problem) return undefined;
  if (ended) return t('session.ended');
  if (interaction) return undefined;
  return offer.provider === 'external' ? t('session.about.external', { name: offer.providerName }) : undefined;
}

function Ways({ offer, returnTo = here(), interaction, token = false }: SignInProps & { readonly offer: SignInOffer }) {
  const [byToken, setByToken] = useState(token);
  return (
    <>
      {offer.demo.length > 0 && !interaction && <DemoPeople people={offer.demo} />}
      {offer.provider === 'external' ? (
        <ProviderSignIn name={offer.providerName} returnTo={returnTo} />
      ) : (
        !byToken && <PasswordSignIn returnTo={returnTo} interaction={interaction} quiet={offer.demo.length > 0} />
      )}
      {!interaction && (
        <>
          <Collapse expanded={byToken}>{byToken && <TokenSignIn />}</Collapse>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            className={classes.quiet ?? ''}
            aria-expanded={byToken}
            onClick={() => setByToken(!byToken)}
          >
            {t(byToken && offer.provider === 'embedded' ? 'session.byPassword' : 'session.byToken')}
          </Button>
        </>
      )}
    </>
  );
}

function Foot({ offer }: { readonly offer: SignInOffer }) {
  if (!offer.registration) return null;
  return (
    <span>
      {t('session.new')}{' '}
      <Anchor component={Link} to="/register" inherit underline="always">
        {t('session.register')}
      </Anchor>
    </span>
  );
}
