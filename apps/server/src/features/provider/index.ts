export { EmbeddedProvider } from './embedded-provider.ts';
export { interactionRoutes } from './interaction-routes.ts';
export { providerRoutes } from './provider-routes.ts';
export { CLI_CLIENT, WEB_CLIENT } from './provider-settings.ts';
export { rotateKeysJob } from './rotate-keys-job.ts';
