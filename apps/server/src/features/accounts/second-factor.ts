import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** RFC 6238 as every authenticator application does it. */
const PERIOD_MS = 30_000;
const settings = { algorithm: 'SHA1', digits: 6, period: PERIOD_MS / 1000 } as const;
/** Clocks may differ by one step. */
const WINDOW = 1;

/** A new secret, as text that people can also type. */
export const newTotpSecret = (): string => new Secret({ buffer: randomBytes(20).buffer }).base32;

/** The address that an authenticator reads from a picture. */
export const totpAddress = (secret: string, account: string, issuer: string): string =>
  new TOTP({ ...settings, issuer, label: account, secret }).toString();

/** The time step to which the code belongs; undefined when it belongs to none of now. */
export function totpStep(secret: string, code: string, nowMs: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = new TOTP({ ...settings, secret }).validate({ token: code, timestamp: nowMs, window: WINDOW });
  return delta === null ? undefined : Math.floor(nowMs / PERIOD_MS) + delta;
}

export const RECOVERY_CODES = 10;

/** Without letters and digits that look alike (Crockford's base 32). */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** 80 bits in four groups. */
export function newRecoveryCode(): string {
  const letters = [...randomBytes(16)].map((byte) => alphabet[byte % alphabet.length]);
  return [0, 4, 8, 12].map((at) => letters.slice(at, at + 4).join('')).join('-');
}

export const isRecoveryCode = (code: string): boolean => /^[0-9a-z]{16}$/.test(plainRecoveryCode(code));

/** As it was made, however it was typed. */
export const plainRecoveryCode = (code: string): string =>
  code
    .toLowerCase()
    .replace(/[\s-]+/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1');
