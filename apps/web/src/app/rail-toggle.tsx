import { ActionIcon } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { t } from '../text/t.ts';
import classes from './shell.module.css';

export function RailToggle({ collapsed, onToggle }: { readonly collapsed: boolean; readonly onToggle: () => void }) {
  const Icon = collapsed ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <div className={classes.toggle}>
      <ActionIcon onClick={onToggle} aria-label={t(collapsed ? 'app.rail.expand' : 'app.rail.collapse')}>
        <Icon size={18} stroke={1.6} aria-hidden />
      </ActionIcon>
    </div>
  );
}
