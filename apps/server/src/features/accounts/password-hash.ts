import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** Memory in KiB, passes and lanes as OWASP recommends them for argon2id; about 20 ms of one core. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_BYTES = 32;
const SALT_BYTES = 16;

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
const phc = ({ memory, passes, parallelism }: Cost, salt: Buffer, tag: Buffer): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
const pattern = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Two ways to type an accented letter are one password. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFKC'), 'utf8');

const tagOf = (password: string, cost: Cost, nonce: Buffer, tagLength: number): Promise<Buffer> =>
  derive('argon2id', { message: bytesOf(password), nonce, tagLength, ...cost });

/** What is kept of a password: a PHC string with its salt and cost. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return phc(COST, salt, await tagOf(password, COST, salt, TAG_BYTES));
}

/** A hash that no password has, so that whoever doesn't exist takes as long as whoever does. */
const nobody = phc(COST, Buffer.alloc(SALT_BYTES), Buffer.alloc(TAG_BYTES));

/** Whether it is the password. Without a hash the answer is no, after the same time. */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', tag = ''] = pattern.exec(hash ?? nobody) ?? [];
  const expected = Buffer.from(tag, 'base64');
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const found = await tagOf(password, cost, Buffer.from(salt, 'base64'), expected.length);
  return timingSafeEqual(found, expected) && hash !== undefined;
}

/** Whether it was made at another cost than today's. */
export const isOutdated = (hash: string): boolean =>
  !hash.startsWith(`$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$`);
