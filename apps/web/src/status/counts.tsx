import { formatBytes, formatNumber } from '../text/format.ts';
import { textOf } from '../text/t.ts';
import classes from './status-page.module.css';

/** What the archive holds, in large numbers. */
export function Counts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  return (
    <dl className={classes.counts}>
      {Object.entries(counts).map(([name, value]) => (
        <div key={name}>
          <dt>{textOf(`status.count.${name}`) ?? name}</dt>
          <dd>{/bytes$/i.test(name) ? formatBytes(value) : formatNumber(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
