export { Bearer } from './bearer/bearer.ts';
export { demoSignInRoutes } from './demo-sign-in.ts';
export { sessionRoutes } from './routes.ts';
export { Sessions, type SessionsOptions } from './sessions.ts';
export type { AdmitParts } from './sign-in/admit.ts';
export { embeddedProvider, externalProvider, type IdentityProvider } from './sign-in/identity-provider.ts';
export { RelyingParty } from './sign-in/relying-party.ts';
export { beginSignIn, type SignInParts, signInRoutes } from './sign-in/sign-in-routes.ts';
export { deleteExpiredSignIns, useToken } from './sign-in/sign-in-store.ts';
