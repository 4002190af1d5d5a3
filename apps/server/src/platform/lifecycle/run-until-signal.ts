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
 * Starts a program and keeps it until a signal: the first one stops it in order, also while it is still starting; the
 * second one at once. Returns the exit code.
 */
export async function runUntilSignal(
  start: (signal: AbortSignal) => Promise<Running>,
  tell: (text: string) => void,
): Promise<number> {
  const starting = new AbortController();
  let running: Running | undefined;
  let told = 0;
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const onSignal = (signal: (typeof signals)[number]) => {
    told += 1;
    if (told === 1) {
      tell('Stopping; again to stop at once.');
      starting.abort(signal);
      ask();
    } else {
      running?.kill();
      process.exit(exitCodes[signal]);
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
