import { readFileSync, statSync } from 'node:fs';
import { DatabaseStartError } from './database-error.ts';

/** The user that the embedded PostgreSQL runs as: it refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/**
 * Undefined where we aren't root: PostgreSQL runs as we do. Else the owner of the cluster that is there already (a
 * cluster keeps its owner for life), or for a new one `postgres` or `nobody`, whichever the machine has.
 */
export function runAsUser(clusterDir: string): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readUsers();
  const owner = ownerOf(clusterDir);
  if (owner !== undefined && owner !== 0) {
    return users.find((user) => user.uid === owner) ?? { uid: owner, gid: owner, name: String(owner) };
  }
  const chosen = ['postgres', 'nobody']
    .map((name) => users.find((user) => user.name === name))
    .find((user) => user !== undefined);
  if (chosen) return chosen;
  throw new DatabaseStartError(
    "PostgreSQL doesn't run as root, and this machine has neither a user 'postgres' nor 'nobody' to run it as. " +
      'Start Isocenter as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function ownerOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.uid;
}

/** passwd(5): name:password:uid:gid:… */
function readUsers(): RunAs[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && Number(fields[2]) > 0)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
