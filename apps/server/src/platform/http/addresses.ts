import type { AddressInfo } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { Problem } from './problem.ts';

type Settings = Pick<Config, 'publicUrl' | 'host' | 'port'>;

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Under which addresses the server is reached. What a request says of its host is believed only for these: links, redirects
 * and tokens must never lead to an address that someone else chose.
 */
export class Addresses {
  readonly #config: Settings;
  readonly #listening: () => AddressInfo | string | null;

  /** @param listening where the server listens; null before it does. */
  constructor(config: Settings, listening: () => AddressInfo | string | null) {
    this.#config = config;
    this.#listening = listening;
  }

  /** The one that links and the embedded provider's tokens name. */
  get base(): string {
    return this.#config.publicUrl ?? this.all[0]!;
  }

  /** Every one that people may use; the configured one only, where one is configured. */
  get all(): string[] {
    const { publicUrl, host } = this.#config;
    if (publicUrl !== undefined) return [publicUrl];
    const own = host.includes(':') ? `[${host}]` : host;
    const hosts = ['0.0.0.0', '[::]', ...LOOPBACK].includes(own) ? LOOPBACK : [own, ...LOOPBACK];
    return hosts.map((each) => new URL(`http://${each}:${this.#port()}`).origin);
  }

  /** The one that the request came by, else the configured one. */
  of(request: FastifyRequest): string {
    const origin = `${request.protocol}://${request.host}`;
    if (this.all.includes(origin)) return origin;
    if (this.#config.publicUrl !== undefined) return this.#config.publicUrl;
    throw new Problem('unknown-address');
  }

  #port(): number {
    const address = this.#listening();
    if (address !== null && typeof address === 'object') return address.port;
    return this.#config.port === 0 ? 80 : this.#config.port;
  }
}
