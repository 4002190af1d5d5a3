/** What tests of other workspaces use of ours; nothing else imports this. */
export * from './encoded.ts';
export * from './mutate.ts';
