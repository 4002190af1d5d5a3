/** A file with the path that it had in what was dropped or chosen. */
export interface Picked {
  readonly file: File;
  readonly path: string;
}

/**
 * The files of what was dropped, folders included, a few at a time. The entries must be taken before the first wait:
 * the browser empties the list when the drop's handler returns.
 */
export function collectDropped(transfer: DataTransfer): AsyncGenerator<Picked[]> {
  const entries = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
    .filter((entry) => entry !== null);
  return walk(entries);
}

async function* walk(entries: readonly (FileSystemEntry | File)[]): AsyncGenerator<Picked[]> {
  const folders: FileSystemDirectoryEntry[] = [];
  const files: Picked[] = [];
  for (const entry of entries) {
    if (entry instanceof File) files.push({ file: entry, path: entry.name });
    else if (isFolder(entry)) folders.push(entry);
    else files.push(await fileOf(entry as FileSystemFileEntry));
  }
  if (files.length > 0) yield files;
  for (const folder of folders) {
    const reader = folder.createReader();
    // A call gives at most some hundred entries; an empty answer is the end.
    for (let part = await read(reader); part.length > 0; part = await read(reader)) yield* walk(part);
  }
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function read(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<Picked> {
  return new Promise((resolve, reject) =>
    entry.file((file) => resolve({ file, path: entry.fullPath.replace(/^\//, '') }), reject),
  );
}

/** The files of an `<input type="file">`, with their folder when one was chosen. */
export function collectChosen(list: FileList): Picked[] {
  return [...list].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}
