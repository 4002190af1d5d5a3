import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { followEvents } from '../api/events.ts';
import { SessionGate } from '../session/session-gate.tsx';
import { Jump } from './jump.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';

/** Everything behind the sign-in, but for the pages that lead there. */
export function Root() {
  const open = useRouterState({ select: ({ matches }) => matches.some(({ staticData }) => staticData.open) });
  if (open) return <Outlet />;
  return (
    <SessionGate>
      <Live />
      <Outlet />
      <Jump />
      <KeyboardHelp />
    </SessionGate>
  );
}

function Live() {
  const client = useQueryClient();
  useEffect(() => followEvents(client), [client]);
  return null;
}
