import type { Message } from '../../platform/mail/index.ts';

/** What is sent by mail. Words of whoever asked for it stay out: else anyone could have us send what they like. */
type Text = Omit<Message, 'to'>;

const signed = (...paragraphs: string[]): string => [...paragraphs, 'Isocenter'].join('\n\n');
const until = (expiresAt: Date): string =>
  `It works once, until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`;

export const verifyMessage = (address: string, expiresAt: Date): Text => ({
  subject: 'Confirm your e-mail address',
  text: signed(
    'An account was asked for with this e-mail address. If it was you, open this link and choose a password:',
    address,
    `${until(expiresAt)} If it was not you, do nothing.`,
  ),
});

export const invitationMessage = (address: string, expiresAt: Date): Text => ({
  subject: 'You are invited',
  text: signed('An administrator made an account for you. Open this link to use it:', address, until(expiresAt)),
});

export const resetMessage = (address: string, expiresAt: Date): Text => ({
  subject: 'Choose a new password',
  text: signed(
    'A new password was asked for. If it was you, open this link:',
    address,
    `${until(expiresAt)} If it was not you, do nothing: your password stays.`,
  ),
});

export const knownMessage = (base: string): Text => ({
  subject: 'You have an account already',
  text: signed(
    'An account was asked for with this e-mail address, which has one. If you forgot the password, ask for a new one:',
    `${base}/forgot`,
  ),
});

export const admittedMessage = (base: string): Text => ({
  subject: 'Your account is open',
  text: signed('An administrator approved your account. You can sign in now:', base),
});
