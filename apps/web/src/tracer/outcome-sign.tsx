import { IconBan, IconCheck, IconCircleX, type TablerIcon } from '@tabler/icons-react';
import type { Outcome } from '../api/log.ts';
import { t } from '../text/t.ts';
import classes from './tracer-page.module.css';

const icons: Record<Outcome, TablerIcon> = { done: IconCheck, denied: IconBan, failed: IconCircleX };

/** How an action ended, as a word with its sign. */
export function OutcomeSign({ outcome }: { readonly outcome: Outcome }) {
  const Icon = icons[outcome];
  return (
    <span className={classes.outcome} data-outcome={outcome}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {t(`tracer.outcome.${outcome}`)}
    </span>
  );
}
