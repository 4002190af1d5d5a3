import {
  IconBan,
  IconCircleCheck,
  IconHourglass,
  IconLock,
  IconMailForward,
  IconMailQuestion,
  type TablerIcon,
} from '@tabler/icons-react';
import type { PersonState } from '../api/people.ts';
import { t } from '../text/t.ts';
import classes from './people.module.css';

const icons: Record<PersonState, TablerIcon> = {
  unverified: IconMailQuestion,
  waiting: IconHourglass,
  invited: IconMailForward,
  active: IconCircleCheck,
  refused: IconBan,
  locked: IconLock,
};

/** Where an account stands, as a word with its sign. */
export function PersonStateSign({ state }: { readonly state: PersonState }) {
  const Icon = icons[state];
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {t(`person.state.${state}`)}
    </span>
  );
}
