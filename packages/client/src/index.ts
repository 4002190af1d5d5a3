export { addressOf, type CallOptions, type ClientOptions } from './call.ts';
export { type Client, createClient } from './client.ts';
export { type KnownProblem, ProblemError, UnexpectedAnswer, Unreachable } from './errors.ts';
export type { FollowOptions, Heard } from './events.ts';
