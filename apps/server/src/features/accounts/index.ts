export { type AccountParts, accountRoutes } from './account-routes.ts';
export { removeTotp } from './account-store.ts';
export { type CheckParts, checkSignIn } from './check-sign-in.ts';
export { accountSubject, addressSubject, FailedAttempts } from './failed-attempts.ts';
export { secondFactorDuty } from './second-factor-duty.ts';
export { type PreparedPassword, preparePassword, setPassword } from './set-password.ts';
