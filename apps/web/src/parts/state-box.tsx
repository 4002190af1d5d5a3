import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './state-box.module.css';

interface StateBoxProps {
  readonly icon: TablerIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly tone?: 'plain' | 'bad';
  readonly page?: boolean;
  readonly role?: 'alert' | 'status';
}

/** The centred words of a page or panel that has nothing else to show: empty, failed, not allowed. */
export function StateBox({ icon: Icon, title, children, tone = 'plain', page = false, role }: StateBoxProps) {
  return (
    <div className={classes.box} data-page={page || undefined} {...(role ? { role } : {})}>
      <div className={classes.icon} data-tone={tone}>
        <Icon size={28} stroke={1.5} aria-hidden />
      </div>
      <h2 className={classes.title}>{title}</h2>
      <div className={classes.body}>{children}</div>
    </div>
  );
}
