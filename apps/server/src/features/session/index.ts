export { Bearer } from './bearer/bearer.ts';
export { sessionRoutes } from './routes.ts';
export { Sessions, type SessionsOptions } from './sessions.ts';
export type { AdmitParts } from './sign-in/admit.ts';
export { embeddedProvider, externalProvider, type IdentityProvider } from './sign-in/identity-provider.ts';
export { RelyingParty } from './sign-in/relying-party.ts';
export { type SignInParts, signInRoutes, startSignIn } from './sign-in/sign-in-routes.ts';
export { deleteExpiredSignIns, useToken } from './sign-in/sign-in-store.ts';
