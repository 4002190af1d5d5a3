import { beginSignIn, CookieJar, type MadePerson, makePerson, signInAs, testServer } from '@isocenter/testkit';
import { TOTP } from 'otpauth';
import { beforeEach, describe, expect, test } from 'vitest';
import { hashPassword, isOutdated, verifyPassword } from './password-hash.ts';
import { demandGoodPassword } from './password-rules.ts';
import { newRecoveryCode, newTotpSecret, plainRecoveryCode, totpAddress, totpStep } from './second-factor.ts';

const server = testServer();
const password = 'granite teapot lantern';
const jarOf = (): CookieJar => new CookieJar(server.url);

beforeEach(async () => {
  await server.database.pool.query('delete from failed_attempt');
});

let made = 0;
const someone = (): Promise<MadePerson> =>
  makePerson(server.database, { name: `Person ${++made}`, password, nodeRoles: ['auditor'] });

/** What one attempt to sign in is answered. */
async function attempt(
  body: { email: string; password: string; code?: string },
  jar = jarOf(),
): Promise<{ status: number; body: Record<string, unknown>; ms: number }> {
  const interaction = await beginSignIn(jar);
  const began = performance.now();
  const answer = await jar.post(`${interaction}/sign-in`, body);
  const { requestId: _, ...rest } = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, body: rest, ms: performance.now() - began };
}

describe('passwords', () => {
  test('[IAM-1] are kept as argon2id with a salt of their own', async () => {
    const [one, two] = [await hashPassword(password), await hashPassword(password)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect([await verifyPassword(password, one), await verifyPassword(`${password} `, one)]).toEqual([true, false]);
    expect(await verifyPassword(password, undefined)).toBe(false);
    // The reference implementation's (RFC 9106 has no vector without a secret).
    const known = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect([await verifyPassword('password', known), isOutdated(known), isOutdated(one)]).toEqual([true, true, false]);
  });

  test('[IAM-1] that are short, well known, words of the owner or patterns are refused', async () => {
    for (const [weak, why] of [
      ['short', 'length'],
      ['x'.repeat(201), 'length'],
      ['password1234', 'guessable'],
      ['qwertyuiop123', 'guessable'],
      ['111111111111', 'guessable'],
      ['abcdefghijkl', 'guessable'],
      ['Ada.Example.1', 'guessable'],
      ['IsocenterIsocenter', 'guessable'],
    ] as const) {
      const refused = demandGoodPassword(weak, ['Ada Example', 'ada@example.org']);
      await expect(refused, weak).rejects.toMatchObject({ code: 'weak-password', params: { why } });
    }
    await demandGoodPassword(password, ['Ada Example']);
  });

  test('[IAM-1] changing one needs the old one, and ends the other sessions', async () => {
    const { email } = await someone();
    const [here, there] = [jarOf(), jarOf()];
    for (const jar of [here, there]) await signInAs(jar, { email, password });
    const next = 'velvet harbour compass';
    const change = (current: string, to: string) => here.post('/api/account/password', { current, password: to });
    expect((await change('wrong', next)).status).toBe(401);
    expect(await (await change(password, 'password1234')).json()).toMatchObject({ code: 'weak-password' });
    expect((await change(password, next)).status).toBe(204);
    expect((await here.fetch('/api/me')).status).toBe(200);
    await expect.poll(async () => (await there.fetch('/api/me')).status).toBe(401);
    expect((await attempt({ email, password })).status).toBe(401);
    expect((await attempt({ email, password: next })).status).toBe(200);
  });
});

describe('guessing', () => {
  test('[IAM-1] makes an account wait, longer each time, also for who has the right password', async () => {
    const { email } = await someone();
    const statuses: number[] = [];
    for (let at = 0; at < 6; at++) statuses.push((await attempt({ email, password: 'wrong' })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const waits: number[] = [];
    const { pool } = server.database;
    for (let at = 0; at < 12; at++) {
      const { rows } = await pool.query<{ seconds: number }>(
        'select round(extract(epoch from max(blocked_until - last_at)))::int as seconds from failed_attempt',
      );
      waits.push(rows[0]!.seconds);
      expect((await attempt({ email, password })).status).toBe(429);
      await pool.query('update failed_attempt set blocked_until = now()');
      await attempt({ email, password: 'wrong' });
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    await pool.query('update failed_attempt set blocked_until = now()');
    expect((await attempt({ email, password })).status).toBe(200);
    expect((await pool.query('select * from failed_attempt')).rowCount).toBe(0);
  });

  test('[IAM-1] many at once are not let through together', async () => {
    const { email } = await someone();
    const jars = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const jar = jarOf();
        return { jar, interaction: await beginSignIn(jar) };
      }),
    );
    const answers = await Promise.all(
      jars.map(
        async ({ jar, interaction }, at) =>
          (await jar.post(`${interaction}/sign-in`, { email, password: `wrong ${at}` })).status,
      ),
    );
    expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    expect(answers.filter((status) => status === 429).length).toBeGreaterThanOrEqual(7);
  });

  test('[IAM-1] at many accounts makes an address wait, for a minute at most', async () => {
    for (let at = 0; at < 20; at++)
      expect((await attempt({ email: `nobody${at}@example.org`, password: 'wrong' })).status).toBe(401);
    const { email } = await someone();
    const refused = await attempt({ email, password });
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-attempts']);
    await server.database.pool.query(
      'update failed_attempt set failures = 1000, blocked_until = now() where failures >= 20',
    );
    await attempt({ email, password: 'wrong' });
    const { body } = await attempt({ email, password });
    expect((body.params as { retryAfterSeconds: number }).retryAfterSeconds).toBeLessThanOrEqual(60);
  });
});

describe('whether there is an account', () => {
  test('[IAM-1] is not told by the words of an answer, whatever state it is in', async () => {
    const { email } = await someone();
    await makePerson(server.database, { name: 'Waits', password, state: 'waiting' });
    await makePerson(server.database, { name: 'Has no password' });
    const answers = [];
    for (const address of [email, 'nobody@example.org', 'waits@example.org', 'has.no.password@example.org']) {
      const { status, body } = await attempt({ email: address, password: 'wrong' });
      answers.push({ status, body });
    }
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'wrong-password' } });
    expect((await attempt({ email: 'waits@example.org', password })).body.code).toBe('account-waiting');
    for (let at = 0; at < 8; at++) await attempt({ email: 'nobody@example.org', password: 'wrong' });
    expect((await attempt({ email: 'nobody@example.org', password: 'wrong' })).status).toBe(429);
  });

  test('[IAM-1] is not told by the time that it takes', async () => {
    const { email } = await someone();
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let at = 0; at < 12; at++) {
      await server.database.pool.query('delete from failed_attempt');
      times.known.push((await attempt({ email, password: 'wrong' })).ms);
      times.unknown.push((await attempt({ email: `nobody${at}@example.org`, password: 'wrong' })).ms);
    }
    // The fastest of each tells the least of what else the machine does. Without the hash it would be a tenth.
    const [known, unknown] = [Math.min(...times.known), Math.min(...times.unknown)];
    expect(unknown).toBeGreaterThan(known * 0.5);
    expect(unknown).toBeLessThan(known * 2);
  });
});

describe('the second factor', () => {
  const now = Date.now();
  const codeAt = (secret: string, at = Date.now()): string => new TOTP({ secret }).generate({ timestamp: at });

  test('[IAM-1] a code is good for its half minute and its neighbours', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(totpStep(secret, codeAt(secret, now), now)).toBe(Math.floor(now / 30_000));
    expect(totpStep(secret, codeAt(secret, now - 30_000), now)).toBe(Math.floor(now / 30_000) - 1);
    expect(totpStep(secret, codeAt(secret, now - 90_000), now)).toBeUndefined();
    expect(totpStep(secret, 'abcdef', now)).toBeUndefined();
    // RFC 6238, Appendix B, with six digits.
    const rfc = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect([59, 1111111109, 20000000000].map((second) => codeAt(rfc, second * 1000))).toEqual([
      '287082',
      '081804',
      '353130',
    ]);
    expect(totpAddress(rfc, 'ada@example.org', 'Isocenter')).toBe(
      `otpauth://totp/Isocenter:ada%40example.org?issuer=Isocenter&secret=${rfc}&algorithm=SHA1&digits=6&period=30`,
    );
  });

  test('[IAM-1] recovery codes have 80 bits and are read however they are typed', () => {
    const code = newRecoveryCode();
    expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    expect(plainRecoveryCode(` ${code.toUpperCase()} `)).toBe(code.replaceAll('-', ''));
    expect(plainRecoveryCode('O0Il-1')).toBe('00111');
  });

  async function withSecondFactor() {
    const person = await someone();
    const jar = jarOf();
    await signInAs(jar, { email: person.email, password });
    const { secret } = (await (await jar.post('/api/account/second-factor', { password })).json()) as {
      secret: string;
    };
    const confirm = await jar.post('/api/account/second-factor/confirm', { code: codeAt(secret) });
    const { recoveryCodes } = (await confirm.json()) as { recoveryCodes: string[] };
    return { ...person, jar, secret, recoveryCodes };
  }

  test('[IAM-1] is asked for after the password, each code works once', async () => {
    const { email, secret, recoveryCodes } = await withSecondFactor();
    expect(recoveryCodes).toHaveLength(10);
    expect((await attempt({ email, password })).body).toEqual({ kind: 'code-needed' });
    // The code that showed that it works is used up.
    expect((await attempt({ email, password, code: codeAt(secret) })).body.code).toBe('wrong-code');
    const next = codeAt(secret, Date.now() + 30_000);
    expect((await attempt({ email, password, code: next })).body.kind).toBe('known');
    expect((await attempt({ email, password, code: next })).body.code).toBe('wrong-code');
    expect((await attempt({ email, password: 'wrong', code: next })).body.code).toBe('wrong-password');
  });

  test('[IAM-1] can be replaced by a recovery code, once', async () => {
    const { email, recoveryCodes, jar } = await withSecondFactor();
    const [code = ''] = recoveryCodes;
    expect((await attempt({ email, password, code: code.toUpperCase() })).body.kind).toBe('known');
    expect((await attempt({ email, password, code })).body.code).toBe('wrong-code');
    expect(await (await jar.fetch('/api/account')).json()).toMatchObject({ local: { recoveryCodes: 9 } });
    const { rows } = await server.database.pool.query("select encode(code_hash, 'escape') as text from recovery_code");
    for (const each of recoveryCodes) expect(JSON.stringify(rows)).not.toContain(plainRecoveryCode(each));
  });

  test('[IAM-1] codes can’t be tried out, not even with the right password in between', async () => {
    const { email } = await withSecondFactor();
    const statuses: number[] = [];
    for (let at = 0; at < 4; at++) {
      statuses.push((await attempt({ email, password })).status);
      statuses.push((await attempt({ email, password, code: '000000' })).status);
    }
    expect(statuses.slice(0, 5)).toEqual([200, 401, 200, 401, 200]);
    expect(new Set(statuses.slice(5))).toEqual(new Set([429]));
  });

  test('[IAM-1] is set up and removed with the password only', async () => {
    const { jar } = await withSecondFactor();
    expect((await jar.post('/api/account/second-factor', { password })).status).toBe(409);
    expect((await jar.post('/api/account/second-factor/remove', { password: 'wrong' })).status).toBe(401);
    expect((await jar.post('/api/account/recovery-codes', { password: 'wrong' })).status).toBe(401);
    expect((await jar.post('/api/account/recovery-codes', { password })).status).toBe(200);
    expect((await jar.post('/api/account/second-factor/remove', { password })).status).toBe(204);
    expect(await (await jar.fetch('/api/account')).json()).toMatchObject({ local: { secondFactorSince: null } });
  });
});
