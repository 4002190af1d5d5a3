import type { NotSent } from './instance-file.ts';
import type { UnreadablePath } from './local-files.ts';
import { count, duration, size } from './progress.ts';

/** What a run came to. */
export interface Report {
  stored: number;
  storedBytes: number;
  /** Of the stored ones, those that the server had before. */
  present: number;
  /** Acknowledged in an earlier run, not sent again. */
  remembered: number;
  readonly notSent: Map<NotSent, number>;
  readonly unreadable: readonly UnreadablePath[];
  readonly failed: { readonly path: string; readonly reason: string }[];
  /** Why the run ended before its end. */
  cutOff?: string;
  /** Files that were not tried because of that. */
  left: number;
}

/** Failures that are listed one by one before the rest is counted. */
const LISTED = 20;

/** The summary of a run, for people. */
export function summary(report: Report, seconds: number): string {
  const sent = report.stored - report.present;
  const lines = [`${count(sent)} stored (${size(report.storedBytes)} sent in ${duration(seconds)})`];
  if (report.present > 0) lines.push(`${count(report.present)} were there already`);
  if (report.remembered > 0) lines.push(`${count(report.remembered)} acknowledged in an earlier run, not sent again`);
  for (const [reason, number] of report.notSent) lines.push(`${count(number)} skipped: ${reason}`);
  lines.push(...problems(report));
  if (report.cutOff !== undefined) {
    lines.push(`Stopped: ${report.cutOff}.`);
    if (report.left > 0) lines.push(`${count(report.left)} not sent. Run the same command again to go on.`);
  }
  return lines.join('\n');
}

function problems({ failed, unreadable }: Report): string[] {
  const all = [...unreadable.map(({ path, reason }) => ({ path, reason: `can't be read (${reason})` })), ...failed];
  if (all.length === 0) return [];
  const listed = all.slice(0, LISTED).map(({ path, reason }) => `  ${path}: ${reason}`);
  const rest = all.length - listed.length;
  return [`${count(all.length)} failed:`, ...listed, ...(rest > 0 ? [`  and ${count(rest)} more`] : [])];
}

/** 0: all is there; 1: something failed or was left. */
export const exitCodeOf = ({ failed, unreadable, cutOff }: Report): number =>
  failed.length > 0 || unreadable.length > 0 || cutOff !== undefined ? 1 : 0;
