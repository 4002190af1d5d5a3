import { DimseError } from '../dimse-error.ts';
import {
  type CommandSet,
  DATA_SET,
  decodeCommandSet,
  encodeCommandSet,
  hasDataSet,
  NO_DATA_SET,
} from './command-set.ts';
import type { Connection } from './connection.ts';
import {
  type AbortReason,
  abortReasons,
  decodePdvs,
  encodeAbort,
  encodePdvHeader,
  encodeReleaseReply,
  encodeReleaseRequest,
  PDV_HEADER,
  PduType,
  type Pdv,
} from './pdu.ts';

/** The most bytes of a P-DATA-TF that we take and send; dcmtk takes no more. */
export const MAX_PDU_LENGTH = 131_072;
/** Command sets have some ten short elements. */
const LONGEST_COMMAND = 65_536;
const CLOSING_MS = 5_000;

export interface AcceptedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntax: string;
}

export interface AssociationParameters {
  readonly connection: Connection;
  readonly contexts: readonly AcceptedContext[];
  /** What the peer takes; 0: any. */
  readonly peerMaxLength: number;
  /** How long the peer may be silent in the middle of an exchange. */
  readonly timeoutMs: number;
}

export interface Message {
  readonly context: AcceptedContext;
  readonly command: CommandSet;
  /** To be read before the next message, to its end or not. */
  readonly dataSet?: AsyncGenerator<Uint8Array, void, void>;
}

/** An established association: whole commands, and data sets as they stream. */
export class Association {
  readonly contexts: ReadonlyMap<number, AcceptedContext>;
  private readonly connection: Connection;
  private readonly timeoutMs: number;
  private readonly longestData: number;
  /** Fragments that came in the same PDU as what was read. */
  private pending: Pdv[] = [];
  /** The context of the data set that is being received. */
  private receiving: number | undefined;

  constructor({ connection, contexts, peerMaxLength, timeoutMs }: AssociationParameters) {
    this.connection = connection;
    this.timeoutMs = timeoutMs;
    this.contexts = new Map(contexts.map((context) => [context.id, context]));
    const most = peerMaxLength === 0 ? MAX_PDU_LENGTH : Math.min(peerMaxLength, MAX_PDU_LENGTH);
    // Even, as each fragment must be (PS3.8 Annex E); some room even where a peer names an absurd limit.
    this.longestData = Math.max(most - PDV_HEADER, 1024) & ~1;
  }

  /**
   * The next message; undefined when the peer released the association or went away between two messages.
   *
   * @param timeoutMs how long to wait for its beginning.
   * @throws DimseError when the peer aborts, is silent or breaks the protocol; the association is over then.
   */
  async receive(timeoutMs = this.timeoutMs): Promise<Message | undefined> {
    if (this.receiving !== undefined) for await (const _ of this.fragments());
    const first = await this.nextPdv(timeoutMs, true);
    if (!first) return undefined;
    const context = this.contexts.get(first.contextId);
    if (!context || !first.isCommand) throw await this.broken('a fragment that belongs to nothing');
    const command = decodeCommandSet(await this.commandBytes(first));
    if (!hasDataSet(command)) return { context, command };
    this.receiving = context.id;
    return { context, command, dataSet: this.fragments() };
  }

  private async commandBytes(first: Pdv): Promise<Buffer> {
    const parts = [first.data];
    let length = first.data.length;
    for (let last = first; !last.isLast; ) {
      const next = await this.nextPdv(this.timeoutMs);
      if (!next?.isCommand || next.contextId !== first.contextId) throw await this.broken('half a command');
      length += next.data.length;
      if (length > LONGEST_COMMAND) throw await this.broken('a command without end');
      parts.push(next.data);
      last = next;
    }
    return Buffer.concat(parts);
  }

  private async *fragments(): AsyncGenerator<Uint8Array, void, void> {
    while (this.receiving !== undefined) {
      const next = await this.nextPdv(this.timeoutMs);
      if (!next || next.isCommand || next.contextId !== this.receiving) throw await this.broken('half a data set');
      if (next.isLast) this.receiving = undefined;
      if (next.data.length > 0) yield next.data;
    }
  }

  /** The next fragment; undefined when the association was released, which may be `between` two messages only. */
  private async nextPdv(timeoutMs: number, between = false): Promise<Pdv | undefined> {
    while (this.pending.length === 0) {
      const pdu = await this.connection.read(timeoutMs);
      if (!pdu) return undefined;
      if (pdu.type === PduType.abort) throw new DimseError('aborted', 'The peer aborted the association');
      if (pdu.type === PduType.releaseRequest && between) {
        await this.connection.write(this.timeoutMs, encodeReleaseReply());
        return undefined;
      }
      if (pdu.type !== PduType.data) throw await this.broken('an unexpected PDU', abortReasons.unexpectedPdu);
      const pdvs = decodePdvs(pdu.body);
      if (!pdvs) throw await this.broken('a P-DATA-TF that makes no sense');
      this.pending = pdvs;
    }
    return this.pending.shift();
  }

  private async broken(what: string, reason: AbortReason = abortReasons.invalidPdu): Promise<DimseError> {
    await this.abort(reason);
    return new DimseError('protocol', `The peer sent ${what}`);
  }

  /** Sends a message; the data set is read as fast as the peer takes it. */
  async send(context: AcceptedContext, command: CommandSet, dataSet?: AsyncIterable<Uint8Array>): Promise<void> {
    const commandDataSetType = dataSet ? DATA_SET : NO_DATA_SET;
    const bytes = encodeCommandSet({ ...command, commandDataSetType });
    await this.connection.write(this.timeoutMs, encodePdvHeader(context.id, true, true, bytes.length), bytes);
    if (dataSet) await this.sendDataSet(context.id, dataSet);
  }

  private async sendDataSet(contextId: number, dataSet: AsyncIterable<Uint8Array>): Promise<void> {
    let waiting: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of dataSet) {
      waiting.push(chunk);
      length += chunk.length;
      // What is sent last must be marked, so something stays back until the end is known.
      while (length > this.longestData) {
        const whole = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting, length);
        const data = whole.subarray(0, this.longestData);
        const header = encodePdvHeader(contextId, false, false, data.length);
        await this.connection.write(this.timeoutMs, header, data);
        waiting = [whole.subarray(data.length)];
        length -= data.length;
      }
    }
    // Fragments have an even length, whatever the data set has (PS3.8 E.1). A zero at its end is read as padding; for a
    // deflated one it is the standard's own (PS3.5 A.5).
    if (length % 2 === 1) waiting.push(Uint8Array.of(0));
    const header = encodePdvHeader(contextId, false, true, length + (length % 2));
    await this.connection.write(this.timeoutMs, header, ...waiting);
  }

  /** Ends the association in order: what the requestor does when it has no more to say. */
  async release(): Promise<void> {
    try {
      await this.connection.write(this.timeoutMs, encodeReleaseRequest());
      // Messages that still come are of no interest any more.
      for (let pdu = await this.connection.read(CLOSING_MS); pdu; pdu = await this.connection.read(CLOSING_MS)) {
        if (pdu.type === PduType.releaseReply || pdu.type === PduType.abort) break;
      }
    } catch (error) {
      // All that was to be said was said; that the peer has gone already changes nothing.
      if (!(error instanceof DimseError)) throw error;
    }
    await this.close();
  }

  async abort(reason: AbortReason = abortReasons.byUser): Promise<void> {
    await this.connection.write(CLOSING_MS, encodeAbort(reason)).catch(() => undefined);
    await this.close();
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    await this.connection.close(CLOSING_MS);
  }

  destroy(): void {
    this.connection.destroy();
  }
}
