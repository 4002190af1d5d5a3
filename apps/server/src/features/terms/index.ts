export { termsDuty } from './terms-duty.ts';
export { termsRoutes } from './terms-routes.ts';
export { type Acceptance, selectAcceptance } from './terms-store.ts';
