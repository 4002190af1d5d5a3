import { defineTask } from '../task.ts';

const module = new URL('./sample.worker.ts', import.meta.url);

export type SampleInput =
  | { readonly do: 'reverse'; readonly bytes: ArrayBuffer }
  | { readonly do: 'thread' }
  | { readonly do: 'wait'; readonly until: SharedArrayBuffer }
  | { readonly do: 'obey'; readonly begun: SharedArrayBuffer }
  | { readonly do: 'spin' | 'exhaust' | 'exit' | 'throw' };

/** What the sample answers: bytes, its thread, or nothing. */
export type SampleOutput = ArrayBuffer | number | undefined;

export const sample = defineTask<SampleInput, SampleOutput>('sample', module);
export const missing = defineTask<void, void>('missing', new URL('./there-is-none.worker.ts', import.meta.url));
