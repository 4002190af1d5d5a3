import type { Config } from '../../platform/config.ts';
import { StartError } from '../../platform/lifecycle/start-error.ts';
import type { Log } from '../../platform/log.ts';
import { Once, type Tracer } from '../../platform/tracer/index.ts';
import type { Ingest } from '../archive/index.ts';
import type { Area } from '../directory/index.ts';
import { AllowedPeers } from './allowed-peers.ts';
import { DimseServer, type Who } from './scp/dimse-server.ts';

export { DimseError, type DimseErrorCode } from './dimse-error.ts';
export { echo } from './scu/echo.ts';
export { type FindQuery, find } from './scu/find.ts';
export { type MoveProgress, move } from './scu/move.ts';
export type { ScuOptions } from './scu/open-association.ts';
export { type StoreResult, store } from './scu/store.ts';

/** How long a peer may be silent within an exchange. */
const TIMEOUT_MS = 30_000;
/** How long an association may stand without a message; modalities keep theirs open between two images. */
const IDLE_MS = 5 * 60_000;
const MAX_ASSOCIATIONS = 64;

export interface DimseParts {
  readonly config: Pick<Config, 'dimse' | 'host' | 'drainSeconds'>;
  /** What peers send belongs there. */
  readonly area: Area;
  readonly ingest: Pick<Ingest, 'receive'>;
  readonly tracer: Tracer;
  readonly log: Log;
}

export interface RunningDimse {
  readonly port: number;
  /** Ends within the configuration's `drainSeconds`. */
  stop(): Promise<void>;
}

/** Opens the port for DICOM associations that the configuration names (C-ECHO, C-STORE); nothing where it names none. */
export async function startDimse({ config, area, ingest, tracer, log }: DimseParts): Promise<RunningDimse | undefined> {
  const { dimse } = config;
  if (!dimse) return undefined;
  const server = new DimseServer({
    host: config.host,
    port: dimse.port,
    aeTitle: dimse.aeTitle,
    peers: new AllowedPeers(dimse.peers),
    area,
    ingest,
    log,
    onStranger: strangers(tracer),
    timeoutMs: TIMEOUT_MS,
    idleMs: IDLE_MS,
    maxAssociations: MAX_ASSOCIATIONS,
  });
  const port = await server.listen().catch((cause: unknown) => {
    throw cannotListen(config.host, dimse.port, cause);
  });
  log.info({ port, aeTitle: dimse.aeTitle, peers: dimse.peers.length }, 'the DICOM port is open');
  return { port, stop: () => server.stop(config.drainSeconds * 1000) };
}

/** Once a minute for each address: knocking must not fill the log of the tracer. */
function strangers(tracer: Tracer): (who: Who) => Promise<unknown> {
  const once = new Once({ spanMs: 60_000, most: 10_000 });
  return ({ callingAeTitle, from }) =>
    once.do(from, () =>
      tracer.recordAlone({
        actor: { kind: 'service', id: `dimse:${callingAeTitle}` },
        action: 'access.deny',
        objects: [{ kind: 'address', id: from }],
        outcome: 'denied',
      }),
    );
}

function cannotListen(host: string, port: number, cause: unknown): unknown {
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE: `Another program uses port ${port} of ${host}. Stop it, or choose another port in ISOCENTER_DIMSE_PORT.`,
    EACCES: `This user may not open port ${port}. Choose one above 1023 in ISOCENTER_DIMSE_PORT, for example 11112.`,
  };
  const remedy = remedies[(cause as NodeJS.ErrnoException).code ?? ''];
  return remedy === undefined ? cause : new StartError(remedy, { cause });
}
