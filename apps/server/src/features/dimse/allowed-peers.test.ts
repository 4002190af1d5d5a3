import { describe, expect, it } from 'vitest';
import { AllowedPeers } from './allowed-peers.ts';

const peer = (aeTitle: string, host: string) => ({ aeTitle, host, port: 104 });

describe('the list of allowed peers', () => {
  const peers = new AllowedPeers([
    peer('MR1', '10.0.0.5'),
    peer('MR1', '10.0.0.6'),
    peer('CT1', '2001:DB8::7'),
    peer('HERE', 'localhost'),
  ]);

  it('[ARCH-5] lets in who is on it, from its own addresses', async () => {
    for (const address of ['10.0.0.5', '10.0.0.6', '::ffff:10.0.0.5']) {
      expect(await peers.refusal('MR1', address)).toBeUndefined();
    }
    expect(await peers.refusal('CT1', '2001:db8::7')).toBeUndefined();
    expect(await peers.refusal('HERE', '127.0.0.1')).toBeUndefined();
  });

  it('[ARCH-5] keeps out all others', async () => {
    expect(await peers.refusal('XX', '10.0.0.5')).toBe('ae-title');
    expect(await peers.refusal('', '10.0.0.5')).toBe('ae-title');
    expect(await peers.refusal('mr1', '10.0.0.5')).toBe('ae-title');
    expect(await peers.refusal('MR1', '10.0.0.7')).toBe('address');
    expect(await peers.refusal('CT1', '10.0.0.5')).toBe('address');
    expect(await new AllowedPeers([]).refusal('MR1', '10.0.0.5')).toBe('ae-title');
  });

  it('[ARCH-5] looks names up again after a while, and keeps out names that nobody knows', async () => {
    let now = 0;
    let address = '10.1.1.1';
    const asked: string[] = [];
    const resolve = async (host: string): Promise<string[]> => {
      asked.push(host);
      if (host !== 'mr.example.org') throw new Error('ENOTFOUND');
      return [address];
    };
    const named = new AllowedPeers(
      [peer('MR', 'mr.example.org'), peer('GONE', 'gone.example.org')],
      resolve,
      () => now,
    );
    expect(await named.refusal('MR', '10.1.1.1')).toBeUndefined();
    address = '10.1.1.2';
    expect(await named.refusal('MR', '10.1.1.2')).toBe('address');
    now = 61_000;
    expect(await named.refusal('MR', '10.1.1.2')).toBeUndefined();
    expect(await named.refusal('GONE', '10.1.1.1')).toBe('address');
    expect(asked).toEqual(['mr.example.org', 'mr.example.org', 'gone.example.org']);
  });
});
