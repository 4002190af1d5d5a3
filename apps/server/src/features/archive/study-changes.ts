import type { EventData } from '@isocenter/contract';
import type { Log } from '../../platform/log.ts';

type Change = EventData<'study.changed'>;

/** Told at most once a second for each study, however many instances arrive: pages ask for the rest. */
const INTERVAL_MS = 1_000;

/** Gathers changes of studies into events. */
export class StudyChanges {
  private readonly publish: (change: Change) => Promise<unknown>;
  private readonly log: Log;
  private readonly waiting = new Map<string, Change>();
  private timer: NodeJS.Timeout | undefined;

  constructor(publish: (change: Change) => Promise<unknown>, log: Log) {
    this.publish = publish;
    this.log = log;
  }

  add(change: Change): void {
    this.waiting.set(`${change.zone}/${change.project}/${change.site}/${change.studyUid}/${change.change}`, change);
    if (this.timer === undefined) this.timer = setTimeout(() => void this.send(), INTERVAL_MS).unref();
  }

  private async send(): Promise<void> {
    this.timer = undefined;
    const changes = [...this.waiting.values()];
    this.waiting.clear();
    try {
      for (const change of changes) await this.publish(change);
    } catch (error) {
      this.log.warn({ err: error }, 'changes of studies could not be announced');
    }
  }
}
