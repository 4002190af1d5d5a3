export { type AnyJobDefinition, defineJob, type JobContext, type JobDefinition, type JobKind } from './definition.ts';
export { type EnqueueOptions, type JobEndListener, Jobs, type JobsOptions } from './jobs.ts';
