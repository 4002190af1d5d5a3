import { StartError } from '../lifecycle/start-error.ts';

/** The database can't be brought up; the message says why and what to do. */
export class DatabaseStartError extends StartError {
  override readonly name = 'DatabaseStartError';
}
