import cliProgress from 'cli-progress';

/** How far a run is. */
export interface Progress {
  files: number;
  bytes: number;
  readonly totalFiles: number;
  readonly totalBytes: number;
}

/** Shows the progress while it changes. */
export interface ProgressView {
  /** A line that stays. */
  say(text: string): void;
  stop(): void;
}

const TICK = 250;
const LINE_EVERY = 5_000;

/** A bar on a terminal, a line now and then elsewhere. */
export function showProgress(progress: Progress, out: NodeJS.WriteStream): ProgressView {
  const rate = new Rate(progress);
  return out.isTTY ? showBar(progress, rate, out) : showLines(progress, rate, out);
}

function showBar(progress: Progress, rate: Rate, out: NodeJS.WriteStream): ProgressView {
  const bar = new cliProgress.SingleBar({
    format: ' {bar} {percentage} %  {files} of {totalFiles} files  {rate}  {left}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stream: out,
  });
  const payload = () => ({ files: count(progress.files), totalFiles: count(progress.totalFiles), ...rate.words() });
  bar.start(Math.max(1, progress.totalBytes), 0, payload());
  const timer = setInterval(() => bar.update(Math.max(0, progress.bytes), payload()), TICK);
  return {
    say: (text) => {
      out.write(`\r\u001b[2K${text}\n`);
      bar.update(Math.max(0, progress.bytes), payload());
    },
    stop: () => {
      clearInterval(timer);
      bar.stop();
    },
  };
}

function showLines(progress: Progress, rate: Rate, out: NodeJS.WriteStream): ProgressView {
  const timer = setInterval(() => {
    const words = rate.words();
    out.write(
      `${count(progress.files)} of ${count(progress.totalFiles)} files, ${size(progress.bytes)} of ${size(progress.totalBytes)}, ` +
        `${words.rate}, ${words.left}\n`,
    );
  }, LINE_EVERY);
  return { say: (text) => void out.write(`${text}\n`), stop: () => clearInterval(timer) };
}

/** Bytes per second over the last seconds: what was fast at the beginning says little about the rest. */
class Rate {
  readonly #progress: Progress;
  readonly #samples: { at: number; bytes: number }[] = [];

  constructor(progress: Progress) {
    this.#progress = progress;
    this.#samples.push({ at: performance.now(), bytes: progress.bytes });
  }

  words(): { rate: string; left: string } {
    const now = performance.now();
    this.#samples.push({ at: now, bytes: this.#progress.bytes });
    while (this.#samples.length > 2 && (this.#samples[0]?.at ?? now) < now - 10_000) this.#samples.shift();
    const first = this.#samples[0];
    const seconds = first ? (now - first.at) / 1000 : 0;
    const perSecond = first && seconds > 0 ? Math.max(0, this.#progress.bytes - first.bytes) / seconds : 0;
    if (perSecond === 0) return { rate: '– MB/s', left: 'no estimate yet' };
    return {
      rate: `${size(perSecond)}/s`,
      left: `${duration((this.#progress.totalBytes - this.#progress.bytes) / perSecond)} left`,
    };
  }
}

export const count = (value: number): string => value.toLocaleString('en-US');

/** Decimal units, as disks and networks are measured. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
