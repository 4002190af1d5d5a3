import { createTransport, type Transporter } from 'nodemailer';
import type { MailConfig } from '../config.ts';

/** Plain text: whoever reads it sees where a link leads. */
export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const TIMEOUT_MS = 20_000;

/** Sends mail by the configured server. */
export class Mailer {
  readonly #transport: Transporter;
  readonly #from: string;

  constructor({ url, from }: MailConfig) {
    this.#from = from;
    this.#transport = createTransport({
      url,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      // A message is text that we write: it never has a file or an address read in.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ to, subject, text }: Message): Promise<void> {
    await this.#transport.sendMail({ from: this.#from, to: { name: '', address: to }, subject, text });
  }
}
