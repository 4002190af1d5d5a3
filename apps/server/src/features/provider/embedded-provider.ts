import { PersonId } from '@isocenter/contract';
import Provider from 'oidc-provider';
import type { Database } from '../../platform/database/database.ts';
import type { Listener } from '../../platform/events/index.ts';
import type { Addresses } from '../../platform/http/index.ts';
import { KEY_CHANNEL, rotateKeys, sharedSecret, signingKeys } from '../../platform/keys/index.ts';
import type { Log } from '../../platform/log.ts';
import { newSecret } from '../../platform/secret.ts';
import type { Tracer } from '../../platform/tracer/index.ts';
import { selectPerson } from '../directory/index.ts';
import { PostgresAdapter } from './adapter.ts';
import { deleteExpiredRecords, deleteRecordsOfPerson } from './provider-record-store.ts';
import { providerConfiguration } from './provider-settings.ts';

const PURPOSE = 'oidc';
const ALGORITHM = 'ES256';
/** Keys come into use as they age, which nobody is told of. */
const KEYS_KNOWN_MS = 60_000;

export interface EmbeddedProviderParts {
  readonly database: Database;
  readonly listener: Listener;
  readonly addresses: Addresses;
  readonly log: Log;
  readonly tracer: Tracer;
}

/**
 * The OpenID provider inside this server, with local accounts. It is made when it is first needed, since its issuer is the
 * address that the server has by then, and again when its keys change.
 */
export class EmbeddedProvider {
  readonly #parts: EmbeddedProviderParts;
  #made: { readonly provider: Promise<Provider>; readonly at: number; readonly issuer: string } | undefined;

  private constructor(parts: EmbeddedProviderParts) {
    this.#parts = parts;
  }

  static async open(parts: EmbeddedProviderParts): Promise<EmbeddedProvider> {
    const embedded = new EmbeddedProvider(parts);
    const forget = (): void => {
      embedded.#made = undefined;
    };
    await parts.listener.listen(KEY_CHANNEL, forget, forget);
    return embedded;
  }

  get issuer(): string {
    return `${this.#parts.addresses.base}/oidc`;
  }

  /** Whom access tokens are meant for. */
  get audience(): string {
    return `${this.#parts.addresses.base}/api`;
  }

  /** Of this server as its client. */
  clientSecret(): Promise<string> {
    return sharedSecret(this.#parts.database.db, 'oidc client', newSecret());
  }

  provider(): Promise<Provider> {
    const now = performance.now();
    const made = this.#made;
    if (made !== undefined && made.issuer === this.issuer && now - made.at < KEYS_KNOWN_MS) return made.provider;
    const provider = this.#make();
    this.#made = { provider, at: now, issuer: this.issuer };
    provider.catch(() => {
      this.#made = undefined;
    });
    return provider;
  }

  rotateKeys(now: boolean): Promise<{ made: number; removed: number }> {
    return rotateKeys(this.#parts.database, PURPOSE, ALGORITHM, now, this.#parts.tracer);
  }

  /** Ends what someone has here: the provider's own session, and programs that signed in. */
  endFor(person: PersonId, db: Database['db'] = this.#parts.database.db): Promise<void> {
    return deleteRecordsOfPerson(db, person);
  }

  prune(): Promise<number> {
    return deleteExpiredRecords(this.#parts.database.db);
  }

  async #make(): Promise<Provider> {
    const { database, addresses, log } = this.#parts;
    const [keys, clientSecret, cookieKey] = await Promise.all([
      signingKeys(database, PURPOSE, ALGORITHM),
      this.clientSecret(),
      sharedSecret(database.db, 'oidc cookies', newSecret()),
    ]);
    const provider = new Provider(
      this.issuer,
      providerConfiguration({
        origins: addresses.all,
        audience: this.audience,
        clientSecret,
        cookieKey,
        keys: keys.map(({ privateJwk }) => privateJwk),
        adapter: (kind) => new PostgresAdapter(database.db, kind),
        findPerson: async (id) => {
          const person = await selectPerson(database.db, PersonId.parse(id));
          return person?.state === 'active' ? person : undefined;
        },
      }),
    );
    // The route that serves it says by which address and protocol it was reached.
    provider.proxy = true;
    provider.on('server_error', (_ctx, error) => log.error({ err: error }, 'the embedded provider failed'));
    return provider;
  }
}
