export { examine, type RunningServer, type StartOptions, startServer, startWorker, version } from './main.ts';
export { type Config, ConfigError, type Environment, loadConfig } from './platform/config.ts';
export type { Finding } from './platform/doctor/finding.ts';
export { type Running, runUntilSignal } from './platform/lifecycle/run-until-signal.ts';
export { StartError } from './platform/lifecycle/start-error.ts';
