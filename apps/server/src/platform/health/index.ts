export { type Check, CheckFailed, createHealth, type Health } from './health.ts';
