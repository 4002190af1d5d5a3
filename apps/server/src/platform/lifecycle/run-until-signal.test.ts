import { expect, test } from 'vitest';
import { type Running, runUntilSignal } from './run-until-signal.ts';

/** A program that ends in order when it is let, and what was done to it. */
function program() {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise: stopping, resolve: stop } = Promise.withResolvers<void>();
  const { promise: up, resolve: started } = Promise.withResolvers<void>();
  const did: (string | number)[] = [];
  const running: Running = {
    stop: () => {
      did.push('stop');
      stop();
      return ended;
    },
    kill: () => did.push('kill'),
    lost: new Promise(() => undefined),
  };
  let time = 0;
  const code = runUntilSignal(
    async () => {
      started();
      return running;
    },
    () => undefined,
    { now: () => time, exit: (exitCode) => did.push(exitCode) },
  );
  const signal = async (at: number): Promise<void> => {
    await up;
    time = at;
    process.emit('SIGINT', 'SIGINT');
  };
  return { code, did, signal, stopping, end };
}

test('[OPS-1] a Ctrl-C that comes twice, from the terminal and from npm, is one: the program ends in order', async () => {
  const { code, did, signal, stopping, end } = program();
  await signal(10);
  await signal(25);
  await stopping;
  end();
  expect(await code).toBe(0);
  expect(did).toEqual(['stop']);
});

test('[OPS-1] a second Ctrl-C, later, ends it at once', async () => {
  const { code, did, signal, stopping, end } = program();
  await signal(10);
  await stopping;
  await signal(3000);
  expect(did).toEqual(['stop', 'kill', 130]);
  end();
  expect(await code).toBe(0);
});
