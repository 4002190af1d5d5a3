export { nodeAuthenticator } from './node-authenticator.ts';
export { nodeRoutes } from './node-routes.ts';
export { deleteExpiredJoinTokens } from './node-store.ts';
