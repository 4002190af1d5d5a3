import { opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file on this machine, not looked into yet. */
export interface LocalFile {
  /** As the caller named it, or below a folder that the caller named. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** A path that can't be read: shown with its reason, never silently left out. */
export interface UnreadablePath {
  readonly path: string;
  readonly reason: string;
}

export interface Found {
  readonly files: readonly LocalFile[];
  readonly unreadable: readonly UnreadablePath[];
}

/** All files below the paths, in order of their names. Links are followed, each folder is visited once. */
export async function findFiles(paths: readonly string[]): Promise<Found> {
  const files: LocalFile[] = [];
  const unreadable: UnreadablePath[] = [];
  const visited = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    try {
      const found = await stat(path);
      if (found.isFile()) files.push({ path, size: found.size, modifiedMs: found.mtimeMs });
      if (!found.isDirectory()) return;
      const folder = await realpath(path);
      if (visited.has(folder)) return;
      visited.add(folder);
      const names: string[] = [];
      for await (const entry of await opendir(path)) names.push(entry.name);
      for (const name of names.sort()) await visit(join(path, name));
    } catch (error) {
      unreadable.push({ path, reason: (error as NodeJS.ErrnoException).code ?? (error as Error).message });
    }
  };
  for (const path of paths) await visit(path);
  return { files, unreadable };
}
