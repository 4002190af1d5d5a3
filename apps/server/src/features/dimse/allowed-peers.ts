import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { DimsePeer } from '../../platform/config.ts';

/** Names are looked up again after this time: peers move. */
const REMEMBER_MS = 60_000;

export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveHost: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** Who may associate with us: AE titles, each from its own addresses only. */
export class AllowedPeers {
  private readonly peers: readonly DimsePeer[];
  private readonly resolve: Resolve;
  private readonly now: () => number;
  private readonly known = new Map<string, { readonly addresses: readonly string[]; readonly until: number }>();

  constructor(peers: readonly DimsePeer[], resolve: Resolve = resolveHost, now: () => number = Date.now) {
    this.peers = peers;
    this.resolve = resolve;
    this.now = now;
  }

  /** Why a peer may not associate; undefined when it may. */
  async refusal(callingAeTitle: string, remoteAddress: string): Promise<'ae-title' | 'address' | undefined> {
    const named = this.peers.filter(({ aeTitle }) => aeTitle === callingAeTitle);
    if (named.length === 0) return 'ae-title';
    const from = plainAddress(remoteAddress);
    for (const { host } of named) if ((await this.addressesOf(host)).includes(from)) return undefined;
    return 'address';
  }

  private async addressesOf(host: string): Promise<readonly string[]> {
    if (isIP(host)) return [plainAddress(host)];
    const known = this.known.get(host);
    if (known && known.until > this.now()) return known.addresses;
    // A name that can't be resolved now is no address of anyone.
    const addresses = (await this.resolve(host).catch(() => [])).map(plainAddress);
    if (addresses.length > 0) this.known.set(host, { addresses, until: this.now() + REMEMBER_MS });
    return addresses;
  }
}

/** IPv4 addresses come in IPv6 clothes on sockets that listen to both; zones name interfaces of ours. */
function plainAddress(address: string): string {
  const plain = address.toLowerCase().replace(/%.*$/, '');
  return plain.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}
