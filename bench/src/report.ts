/** Lines of the report: what was measured, both sides, and how many times better the first is. */
export interface Measure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number;
  /** `more`: a higher number is better. */
  readonly better: 'more' | 'less';
  /** The ratio that we hold ourselves to. */
  readonly goal?: number;
}

export const ratioOf = ({ ours, peer, better }: Measure): number => (better === 'more' ? ours / peer : peer / ours);

export function printMeasures(
  title: string,
  measures: readonly Measure[],
  [ours, peer]: readonly [string, string] = ['Isocenter', 'Orthanc'],
): void {
  process.stdout.write(`\n${title}\n`);
  process.stdout.write(`${'measure'.padEnd(58)}${ours.padStart(14)}${peer.padStart(14)}${'ratio'.padStart(9)}  goal\n`);
  for (const measure of measures) {
    const ratio = ratioOf(measure);
    const goal = measure.goal === undefined ? '' : `${ratio >= measure.goal ? 'met' : 'MISSED'} (${measure.goal}x)`;
    const cell = (value: number): string => `${format(value)} ${measure.unit}`.padStart(14);
    process.stdout.write(
      `${measure.what.padEnd(58)}${cell(measure.ours)}${cell(measure.peer)}${`${format(ratio)}x`.padStart(9)}  ${goal}\n`,
    );
  }
}

const format = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
