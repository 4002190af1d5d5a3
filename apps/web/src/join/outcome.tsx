import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useFirstFocus } from '../parts/use-first-focus.ts';
import classes from './join.module.css';

interface OutcomeProps {
  readonly children: ReactNode;
  /** The way on, where there is one. */
  readonly button?: string;
  readonly href?: string;
}

/** What was done and what comes next, in place of the form that led to it. */
export function Outcome({ children, button, href = '/' }: OutcomeProps) {
  // The form that had the focus is gone: reading goes on here.
  const words = useFirstFocus<HTMLDivElement>();
  return (
    <div className={classes.form}>
      <div ref={words} className={classes.next} role="status" tabIndex={-1} style={{ outline: 'none' }}>
        <IconCircleCheck size={20} stroke={1.8} aria-hidden />
        <span>{children}</span>
      </div>
      {button && (
        <Button component="a" href={href} size="md" fullWidth>
          {button}
        </Button>
      )}
    </div>
  );
}
