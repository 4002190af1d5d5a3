export { isPersonalToken, PersonalTokens } from './personal-tokens.ts';
export { tokenRoutes } from './token-routes.ts';
