export { serveEvents } from './event-stream.ts';
export { createEvents, type Events, type PublishOptions } from './events.ts';
export { hearOwnChanges } from './hear-own-changes.ts';
export { type Listener, openListener } from './listener.ts';
