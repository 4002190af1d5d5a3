/** The span over which a rate is taken, milliseconds: long enough to be calm, short enough to follow the line. */
const span = 8_000;

/** Measures how fast a growing number grows. */
export function createRate() {
  let samples: { at: number; value: number }[] = [];
  return {
    add(at: number, value: number): void {
      samples.push({ at, value });
      const from = samples.findLastIndex((sample) => sample.at <= at - span);
      if (from > 0) samples = samples.slice(from);
    },
    /** Units a second, or null before two samples half a second apart. */
    perSecond(): number | null {
      const first = samples[0];
      const last = samples.at(-1);
      if (!first || !last || last.at - first.at < 500) return null;
      return ((last.value - first.value) / (last.at - first.at)) * 1_000;
    },
    clear(): void {
      samples = [];
    },
  };
}
