import { DimseError } from '../dimse-error.ts';
import { formatStatus } from '../status.ts';
import type { Association, Message } from '../upper-layer/association.ts';
import type { CommandSet } from '../upper-layer/command-set.ts';

/** How long a peer may think: to write what it got, to search. */
const RESPONSE_MS = 5 * 60_000;

/** The next response to a request; its status is there. */
export async function nextResponse(
  association: Association,
  request: CommandSet,
  timeoutMs = RESPONSE_MS,
): Promise<Message & { readonly command: { readonly status: number } }> {
  const message = await association.receive(timeoutMs);
  if (!message) throw new DimseError('connection-lost', 'The peer ended the association without an answer');
  const { command } = message;
  const fits =
    command.commandField === (request.commandField | 0x8000) && command.messageIdBeingRespondedTo === request.messageId;
  if (!fits || command.status === undefined) {
    await association.abort();
    throw new DimseError('protocol', 'The peer answered something else than it was asked');
  }
  return { ...message, command: { ...command, status: command.status } };
}

/** A failure status as an error. What the peer comments is its own text and may name patients: it is left out. */
export const failure = (what: string, status: number): DimseError =>
  new DimseError('failed', `The peer answered ${what} with status ${formatStatus(status)}`, { status });

/** Runs `work` over an association, and ends the association: in order, or by an abort when `work` doesn't come to its end. */
export async function* over<T>(
  association: Association,
  work: (association: Association) => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  let finished = false;
  try {
    yield* work(association);
    finished = true;
  } finally {
    await (finished ? association.release() : association.abort());
  }
}
