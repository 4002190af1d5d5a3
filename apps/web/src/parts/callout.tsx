import { IconAlertCircle, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './callout.module.css';

const icons = { bad: IconAlertCircle, warn: IconAlertTriangle, plain: IconInfoCircle };

interface CalloutProps {
  readonly tone?: keyof typeof icons;
  readonly title?: string;
  readonly role?: 'alert' | 'status';
  readonly children?: ReactNode;
}

/** Words that must not be missed, beside what they are about. */
export function Callout({ tone = 'plain', title, role, children }: CalloutProps) {
  const Icon = icons[tone];
  return (
    <div className={classes.callout} data-tone={tone} {...(role ? { role } : {})}>
      <Icon size={18} stroke={1.8} aria-hidden />
      <div>
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
