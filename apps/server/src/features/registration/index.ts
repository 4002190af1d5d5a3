export { firstAdministratorLink } from './first-administrator.ts';
export { mailJob } from './mail-job.ts';
export type { RegistrationParts } from './parts.ts';
export { registrationRoutes } from './registration-routes.ts';
