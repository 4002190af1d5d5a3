/** A program that runs until it is told to stop. */
export interface Running {
  /** Lets what is in progress end, then ends. */
  stop(): Promise<void>;
  /** Ends at once; must not wait. */
  kill(): void;
  /** Settles with a reason when the program can't go on. */
  readonly lost: Promise<string>;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Exit codes: as shells report a death by signal; 1 for a failure. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Milliseconds in which signals count as one. A terminal gives a Ctrl-C to every process in it, and npm passes on what it
 * gets: under `npm start` the same Ctrl-C comes twice.
 */
const ECHO_MS = 1000;

/** What a test replaces. */
export interface Surroundings {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  exit(code: number): void;
}

const here: Surroundings = { now: () => performance.now(), exit: (code) => process.exit(code) };

/**
 * Starts a program and keeps it until a signal: the first one stops it in order, also while it is still starting; the
 * second one at once. Returns the exit code.
 */
export async function runUntilSignal(
  start: (signal: AbortSignal) => Promise<Running>,
  tell: (text: string) => void,
  { now, exit }: Surroundings = here,
): Promise<number> {
  const starting = new AbortController();
  let running: Running | undefined;
  let toldAt: number | undefined;
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const onSignal = (signal: (typeof signals)[number]) => {
    if (toldAt === undefined) {
      toldAt = now();
      tell('Stopping; again to stop at once.');
      starting.abort(signal);
      ask();
    } else if (now() - toldAt > ECHO_MS) {
      running?.kill();
      exit(exitCodes[signal]);
    }
  };
  for (const signal of signals) process.on(signal, onSignal);
  // A closed terminal or pipe must not keep the program from ending in order.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    running = await start(starting.signal);
    const reason = await Promise.race([asked, running.lost]);
    if (reason !== undefined) tell(reason);
    await running.stop();
    return reason === undefined ? 0 : 1;
  } catch (error) {
    if (starting.signal.aborted) return 0;
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
