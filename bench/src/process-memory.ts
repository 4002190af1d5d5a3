import { readdirSync, readFileSync } from 'node:fs';

/** Proportional set size of a process and all its descendants, in bytes: pages they share count once. */
export function memoryOfTree(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${name}/status`))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const within = (each: number): boolean => each === pid || (parents.has(each) && within(parents.get(each)!));
  return [...parents.keys()].filter(within).reduce((sum, each) => sum + proportional(each), 0);
}

function proportional(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It ended meanwhile.
  }
}
