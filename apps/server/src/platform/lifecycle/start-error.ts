/**
 * Something outside the program keeps it from starting. The message says what and what to do, so it is shown to people
 * as it is, without a stack.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
