import type { TestProject } from 'vitest/node';
import { DatabaseBroker } from './database-broker.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for databases. */
    databaseBroker: string;
  }
}

/** One PostgreSQL for the whole run, started by the first test that needs it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await DatabaseBroker.listen();
  project.provide('databaseBroker', broker.url);
  return () => broker.close();
}
