/** Why a log can't be read at all; the message is for people. */
export class LogFailure extends Error {
  override readonly name = 'LogFailure';
}
