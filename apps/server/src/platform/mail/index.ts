export { Mailer, type Message } from './mailer.ts';
