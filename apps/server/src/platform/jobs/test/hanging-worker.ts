import { z } from 'zod';
import { openDatabase } from '../../database/database.ts';
import { silentLog } from '../../log.ts';
import { defineJob } from '../index.ts';
import { startJobs } from './test-jobs.ts';

// A worker process that takes one job, says so, and never ends it. Arguments: the address of the database, the kind.

const [, , databaseUrl = '', kind = ''] = process.argv;
const database = await openDatabase({ dataDir: '', databaseUrl, databaseConnections: 4 }, silentLog());
await startJobs(database, [
  defineJob({
    kind,
    title: 'Hang',
    input: z.object({}),
    retryDelaySeconds: 1,
    run: async () => {
      process.stdout.write('running\n');
      await new Promise(() => setInterval(() => {}, 1000));
    },
  }),
]);
