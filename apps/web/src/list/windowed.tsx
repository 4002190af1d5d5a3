import { type ReactNode, useEffect, useRef, useState } from 'react';
import classes from './windowed.module.css';

interface WindowedProps {
  readonly count: number;
  /** Every row has this height, pixels. */
  readonly rowHeight: number;
  readonly row: (index: number) => ReactNode;
  readonly label: string;
}

/** Rows drawn beyond the edges, so that quick scrolling shows no gaps. */
const margin = 8;

/** A list of any length that draws only the rows in sight. */
export function Windowed({ count, rowHeight, row, label }: WindowedProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      observer.disconnect();
    };
  }, []);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + margin);
  const rows: ReactNode[] = [];
  for (let index = first; index < last; index += 1) {
    rows.push(
      <li
        key={index}
        className={classes.row}
        style={{ top: index * rowHeight, height: rowHeight }}
        aria-setsize={count}
        aria-posinset={index + 1}
      >
        {row(index)}
      </li>,
    );
  }
  return (
    // A scrolling region must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling region
    <section ref={box} className={classes.box} tabIndex={0} aria-label={label}>
      <ul className={classes.list} style={{ height: count * rowHeight }}>
        {rows}
      </ul>
    </section>
  );
}
