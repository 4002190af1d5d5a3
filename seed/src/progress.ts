import type { DemoProgress } from './store-demo.ts';

/** Shows progress on one line of a terminal, or now and then as a line of its own. */
export function progressLine(
  stream: NodeJS.WriteStream,
  now: () => number = () => performance.now(),
): {
  show(progress: DemoProgress): void;
  end(): void;
} {
  const began = now();
  let last = Number.NEGATIVE_INFINITY;
  let open = false;
  return {
    show: (progress) => {
      const time = now();
      const complete = progress.instances === progress.total;
      if (progress.total === 0 || (!complete && time - last < (stream.isTTY ? 100 : 10_000))) return;
      last = time;
      const text = `  ${describe(progress, (time - began) / 1000)}`;
      stream.write(stream.isTTY ? `\r${text.padEnd(76)}` : `${text}\n`);
      open = stream.isTTY;
    },
    end: () => {
      if (open) stream.write('\n');
      open = false;
    },
  };
}

function describe({ instances, total, bytes }: DemoProgress, seconds: number): string {
  const share = instances / total;
  const left = instances > 0 && instances < total ? `, about ${Math.ceil((seconds / share) * (1 - share))} s left` : '';
  return `Patients and images: ${instances} of ${total} (${Math.round(share * 100)} %), ${Math.round(bytes / 1e6)} MB${left}`;
}
