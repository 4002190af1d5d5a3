import classes from './meter.module.css';

interface MeterProps {
  readonly label: string;
  /** Null while the whole isn't known: the bar then only shows that something goes on. */
  readonly percent: number | null;
  readonly tone?: 'accent' | 'good' | 'bad' | 'soft';
}

/** A progress bar with a name. The number stands beside it in words. */
export function Meter({ label, percent, tone = 'accent' }: MeterProps) {
  const value = percent === null ? null : Math.max(0, Math.min(100, percent));
  return (
    <div
      role="progressbar"
      aria-label={label}
      {...(value === null ? {} : { 'aria-valuenow': Math.round(value), 'aria-valuemin': 0, 'aria-valuemax': 100 })}
      className={classes.track}
      data-tone={tone}
      data-unknown={value === null || undefined}
    >
      <div className={classes.bar} style={value === null ? {} : { width: `${value}%` }} />
    </div>
  );
}
