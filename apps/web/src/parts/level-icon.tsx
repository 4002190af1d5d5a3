import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react';

const icons = { info: IconInfoCircle, success: IconCircleCheck, warning: IconAlertTriangle, error: IconCircleX };
const colours = { info: 'var(--text-soft)', success: 'var(--good)', warning: 'var(--warn)', error: 'var(--bad)' };

export function LevelIcon({ level }: { readonly level: keyof typeof icons }) {
  const Icon = icons[level];
  return <Icon size={18} stroke={1.7} color={colours[level]} style={{ flex: 'none', marginTop: 1 }} aria-hidden />;
}
