export { actorOf } from './actor.ts';
export { type EntryParts, entryParts, type TracedInstance, type TracedStudy } from './instance-entries.ts';
export { LogKey } from './log-key.ts';
export { Once } from './once.ts';
export { Sequencer } from './sequencer.ts';
export { type Draft, openTracer, type Recording, Tracer } from './tracer.ts';
