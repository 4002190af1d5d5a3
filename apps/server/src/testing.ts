/** What the test kit needs of the server; nothing else imports this. */
export { Cluster } from './platform/database/cluster.ts';
export { clusterSettings } from './platform/database/cluster-settings.ts';
export { type Database, openDatabase } from './platform/database/database.ts';
export { endLeftovers, processesIn } from './platform/database/leftovers.ts';
export { migrate } from './platform/database/migrate.ts';
export type { Route } from './platform/http/index.ts';
export { silentLog } from './platform/log.ts';
export { type MadePerson, type MadeProject, makePerson, makeProject, type PersonToMake } from './testing-people.ts';
