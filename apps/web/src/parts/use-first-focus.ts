import { type RefObject, useEffect, useRef } from 'react';

/** Puts the focus on something when it comes up, as `autoFocus` does for fields only. */
export function useFirstFocus<T extends HTMLElement>(): RefObject<T | null> {
  const target = useRef<T>(null);
  useEffect(() => target.current?.focus(), []);
  return target;
}
