/** One message of a stream of server-sent events (HTML standard, 9.2). */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Takes the stream in pieces of text and gives the messages that are complete. */
export class EventStreamParser {
  /** Of the last message that had one. */
  lastId = '';
  /** Asked for by the server, milliseconds. */
  retryMs: number | undefined;
  #rest = '';
  #type = '';
  #data: string[] = [];

  push(text: string): Message[] {
    const messages: Message[] = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.#field(line);
      else if (this.#data.length > 0) messages.push(this.#take());
      else this.#type = '';
    }
    return messages;
  }

  #field(line: string): void {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.lastId = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
  }

  #take(): Message {
    const message = { id: this.lastId, type: this.#type === '' ? 'message' : this.#type, data: this.#data.join('\n') };
    this.#type = '';
    this.#data = [];
    return message;
  }
}
