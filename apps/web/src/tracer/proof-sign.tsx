import type { Checkpoint } from '@isocenter/ledger';
import { IconClock, IconCloudX, IconLoader2, IconShieldCheck, IconShieldX, type TablerIcon } from '@tabler/icons-react';
import type { LogRow } from '../api/log.ts';
import { type PlainKey, t } from '../text/t.ts';
import classes from './tracer-page.module.css';
import { useProof } from './use-proof.ts';

type State = 'proved' | 'broken' | 'later' | 'failed' | 'checking';

const signs: Record<State, readonly [TablerIcon, PlainKey]> = {
  proved: [IconShieldCheck, 'tracer.proof.proved'],
  broken: [IconShieldX, 'tracer.proof.broken'],
  later: [IconClock, 'tracer.proof.later'],
  failed: [IconCloudX, 'tracer.proof.failed'],
  checking: [IconLoader2, 'tracer.proof.checking'],
};

/** Whether an entry is in the tree that the checkpoint signs, as this browser found. */
export function ProofSign({ row, checkpoint }: { readonly row: LogRow; readonly checkpoint: Checkpoint | undefined }) {
  const state = useProof(row, checkpoint) ?? 'checking';
  const [Icon, label] = signs[state];
  return (
    <span className={classes.proof} data-state={state}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {t(label)}
    </span>
  );
}
