import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { collectNode, root } from './repository.ts';

/** What the built pages are made from. */
const sources = [
  'apps/web/index.html',
  'apps/web/package.json',
  'apps/web/public',
  'apps/web/src',
  'apps/web/vite.config.ts',
  'packages/client/src',
  'packages/contract/src',
  'packages/dicom/src',
  'package-lock.json',
];

const dist = join(root, 'apps/web/dist');
/** Beside the pages: the hash of the sources that they were built from. */
const stamp = join(dist, '.built-from');

/** Brings everything up that a start needs and a fresh checkout lacks; fast when there is nothing to do. */
export async function prepare(): Promise<void> {
  assertNode();
  await buildPages();
}

function assertNode(): void {
  const wanted = readFileSync(join(root, '.node-version'), 'utf8').trim();
  if (Number.parseInt(process.versions.node, 10) >= Number.parseInt(wanted, 10)) return;
  fail(
    `Isocenter needs Node ${wanted}; this is ${process.versions.node}. ` +
      "Run 'npm ci' (it installs that Node into the project, without --omit=optional), and start with 'npm start'.",
  );
}

async function buildPages(): Promise<void> {
  if (!existsSync(join(root, 'apps/web/index.html'))) {
    if (existsSync(join(dist, 'index.html'))) return; // installed without sources
    fail('The sources of the web application are missing (apps/web).');
  }
  const hash = hashOf(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  if (!existsSync(join(root, 'node_modules/vite'))) {
    if (!existsSync(join(dist, 'index.html')))
      fail("The web application is not built, and its tools are not installed. Run 'npm ci'.");
    console.warn('The web application is older than its sources; its tools are not installed, so it stays as it is.');
    return;
  }
  const started = performance.now();
  console.log(existsSync(dist) ? 'The pages have changed: building them …' : 'Building the pages (once) …');
  await buildInto(join(root, '.cache', `web-${process.pid}`), hash);
  console.log(`Built the pages in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

/** Builds elsewhere and moves: a server that runs meanwhile never sees half of the pages, nor does a failed build. */
async function buildInto(folder: string, hash: string): Promise<void> {
  mkdirSync(join(root, '.cache'), { recursive: true });
  try {
    // Its warnings are about packages of others, and every start after a change would show them.
    const args = ['build', 'apps/web', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
    const { code, output } = await collectNode('vite/bin/vite.js', args);
    if (code !== 0) fail(`${output}\nThe web application could not be built; the reason is above.`);
    writeFileSync(join(folder, '.built-from'), hash);
    const old = `${folder}-old`;
    if (existsSync(dist)) renameSync(dist, old);
    move(folder, dist);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The cache folder may be a mount of its own. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    cpSync(from, to, { recursive: true });
  }
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesBelow).sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return path.endsWith('.test.ts') ? [] : [path];
  return readdirSync(join(root, path)).flatMap((name) => filesBelow(`${path}/${name}`));
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

// `node tools/prepare.ts <module> <arguments…>` goes on as that module, in this process: then a signal to `npm start`
// reaches the server itself and not a shell in between.
if (import.meta.main) {
  await prepare();
  const [, , module, ...args] = process.argv;
  if (module !== undefined) {
    process.argv = [process.argv[0] ?? '', resolve(root, module), ...args];
    await import(pathToFileURL(resolve(root, module)).href);
  }
}
