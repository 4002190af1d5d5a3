import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Log } from '../../../platform/log.ts';
import { DimseError } from '../dimse-error.ts';
import type { Association } from '../upper-layer/association.ts';
import { Connection } from '../upper-layer/connection.ts';
import { abortReasons } from '../upper-layer/pdu.ts';
import { type Acceptance, acceptAssociation } from './accept-association.ts';
import { type Served, type Serving, serveAssociation } from './serve-association.ts';

export interface DimseServerOptions extends Pick<Acceptance, 'aeTitle' | 'peers' | 'timeoutMs'> {
  readonly host: string;
  readonly port: number;
  readonly ingest: Serving['ingest'];
  readonly area: Serving['area'];
  readonly idleMs: number;
  /** Associations at a time; one more is rejected for the time being. */
  readonly maxAssociations: number;
  readonly log: Log;
  /** Told of a peer that is not on the list. */
  readonly onStranger?: (who: Who) => Promise<unknown>;
  /** Key, certificate and whom to trust, where DICOM over TLS is wanted (PS3.15 B.9). */
  readonly tls?: TlsOptions;
}

/** One peer that is connected. */
interface Session {
  readonly connection: Connection;
  association?: Association;
  busy: boolean;
  readonly ended: Promise<void>;
}

/** Listens for associations and serves each. */
export class DimseServer {
  private readonly options: DimseServerOptions;
  private readonly server: Server;
  private readonly sessions = new Set<Session>();
  private stopping = false;

  constructor(options: DimseServerOptions) {
    this.options = options;
    const { tls } = options;
    this.server = tls
      ? createTlsServer(tls, (socket) => this.connected(socket))
      : createServer((socket) => this.connected(socket));
    // Connections beyond this are closed without a word; up to it they are told to come again.
    this.server.maxConnections = options.maxAssociations * 2;
  }

  /** Resolves with the port, once peers can connect. */
  async listen(): Promise<number> {
    const { host, port } = this.options;
    this.server.listen({ host, port });
    await once(this.server, 'listening');
    this.server.on('error', (err) => this.options.log.error({ err }, 'the DICOM port has trouble'));
    return (this.server.address() as AddressInfo).port;
  }

  /**
   * Takes no more associations and ends those that stand idle. What is under way may finish until `limitMs` is over; then
   * connections are cut, and what came over them halfway is not stored.
   */
  async stop(limitMs: number): Promise<void> {
    this.stopping = true;
    if (this.server.listening) this.server.close();
    for (const session of this.sessions) if (!session.busy) endIdle(session);
    const timer = setTimeout(() => {
      for (const session of this.sessions) session.connection.destroy();
    }, limitMs);
    await Promise.all([...this.sessions].map(({ ended }) => ended));
    clearTimeout(timer);
  }

  private connected(socket: Socket): void {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const session: Session = { connection: new Connection(socket), busy: false, ended };
    this.sessions.add(session);
    this.serve(session)
      .catch((err: unknown) => this.options.log.error({ err }, 'an association failed'))
      .finally(() => {
        session.connection.destroy();
        this.sessions.delete(session);
        resolve();
      });
  }

  private async serve(session: Session): Promise<void> {
    const { log, onStranger } = this.options;
    const from = session.connection.remoteAddress;
    try {
      const accepted = await acceptAssociation(session.connection, { ...this.options, busy: () => this.isBusy() });
      if (!accepted) return;
      const who = { callingAeTitle: printable(accepted.callingAeTitle), from };
      if (!accepted.ok) {
        log.warn({ ...who, why: accepted.why }, 'an association was rejected');
        if (accepted.why === 'callingAeTitleNotRecognized') await onStranger?.(who);
        return;
      }
      session.association = accepted.association;
      await this.serveAccepted(session, accepted.association, who);
    } catch (error) {
      if (!(error instanceof DimseError)) throw error;
      log.warn({ from, code: error.code, err: error }, 'an association could not be made');
    }
  }

  private async serveAccepted(session: Session, association: Association, who: Who): Promise<void> {
    const { log, ingest, area, idleMs } = this.options;
    const served: Served = { echoed: 0, stored: 0, failed: 0 };
    const onBusy = (busy: boolean): void => {
      session.busy = busy;
      if (!busy && this.stopping) endIdle(session);
    };
    const started = performance.now();
    const took = (): number => Math.round(performance.now() - started);
    try {
      await serveAssociation(association, { ingest, area, idleMs, onBusy, ...who }, served);
      log.info({ ...who, ...served, ms: took() }, 'an association ended');
    } catch (error) {
      if (!(error instanceof DimseError)) throw error;
      const level = this.stopping || error.code === 'aborted' ? 'info' : 'warn';
      log[level]({ ...who, ...served, ms: took(), code: error.code }, 'an association ended early');
    }
  }

  private isBusy(): ReturnType<Acceptance['busy']> {
    if (this.stopping) return 'temporaryCongestion';
    const associated = [...this.sessions].filter(({ association }) => association).length;
    return associated >= this.options.maxAssociations ? 'localLimitExceeded' : undefined;
  }
}

/** Who asks for an association. */
export interface Who {
  /** What it says of itself. */
  readonly callingAeTitle: string;
  readonly from: string;
}

function endIdle({ association, connection }: Session): void {
  if (association) void association.abort(abortReasons.byUser);
  else connection.destroy();
}

/** What strangers send as their AE title goes to the log without what would change a line. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');
