import { Anchor, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { offerQuery, type SignInOffer } from '../api/sign-in.ts';
import { CardPage } from '../parts/card-page.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { type PlainKey, t } from '../text/t.ts';
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
    <CardPage
      wide={offer.demo.length > 0 && !props.interaction && !props.problem}
      title={t('session.title')}
      about={aboutOf(props, offer)}
      foot={<Foot offer={offer} />}
    >
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

type Way = 'password' | 'token' | undefined;

function Ways({ offer, returnTo = here(), interaction, token = false }: SignInProps & { readonly offer: SignInOffer }) {
  const embedded = offer.provider === 'embedded';
  const demo = offer.demo.length > 0 && interaction === undefined;
  const usual: Way = embedded && !demo ? 'password' : undefined;
  const [way, setWay] = useState<Way>(token ? 'token' : usual);
  if (interaction !== undefined) return <PasswordSignIn returnTo={returnTo} interaction={interaction} />;
  const other = (to: Exclude<Way, undefined>, label: PlainKey) => (
    <Button variant="subtle" color="gray" size="compact-sm" className={classes.quiet ?? ''} onClick={() => setWay(to)}>
      {t(label)}
    </Button>
  );
  return (
    <>
      {demo && <DemoPeople people={offer.demo} />}
      {!embedded && <ProviderSignIn name={offer.providerName} returnTo={returnTo} />}
      {way === 'password' && <PasswordSignIn returnTo={returnTo} />}
      {way === 'token' && <TokenSignIn />}
      <div className={classes.others}>
        {embedded && way !== 'password' && other('password', 'session.byPassword')}
        {way !== 'token' && other('token', 'session.byToken')}
      </div>
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
