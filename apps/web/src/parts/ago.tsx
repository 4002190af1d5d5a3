import { useSyncExternalStore } from 'react';
import { formatAgo, formatDateTime } from '../text/format.ts';

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all relative times on the page; it stands still while nobody looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 20_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** How long ago, with the exact time behind it. */
export function Ago({ iso, className }: { readonly iso: string; readonly className?: string }) {
  const at = useNow();
  return (
    <time dateTime={iso} title={formatDateTime(iso)} className={className}>
      {formatAgo(iso, Math.max(at, Date.parse(iso)))}
    </time>
  );
}
