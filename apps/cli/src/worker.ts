import { type Environment, runUntilSignal, StartError, startWorker } from '@isocenter/server';

/** Runs jobs until it is told to stop. */
export async function worker(env: Environment): Promise<number> {
  const tell = (text: string): void => console.error(text);
  try {
    return await runUntilSignal((signal) => startWorker(env, { signal }), tell);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    tell(error.message);
    return 1;
  }
}
