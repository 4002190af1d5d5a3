import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { repositoryFiles, root } from './repository.ts';

/** The page that these checks keep true. */
const page = 'ARCHITECTURE.md';

/** Every workspace by its folder, and which other workspaces something imports. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** What ARCHITECTURE.md says that isn't so, and links of any page that lead nowhere. */
export function architectureProblems(): string[] {
  const text = read(page);
  return [
    ...differences(tableIn(text), importsOfWorkspaces()),
    ...missingPaths(text),
    ...featureProblems(),
    ...repositoryFiles()
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => deadLinks(file, read(file))),
  ];
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Rows of the table of dependencies: | `packages/client` | `contract` | what it is | */
export function tableIn(text: string): Imports {
  const rows = [...text.matchAll(/^\| `([a-z]+(?:\/[a-z]+)?)` \| ([^|]*) \|/gm)];
  return new Map(rows.map(([, folder = '', names = '']) => [folder, [...names.matchAll(/`([a-z]+)`/g)].map(nameOf)]));
}

const nameOf = ([, name = '']: RegExpMatchArray): string => name;

/** Where the table and the code differ. */
export function differences(said: Imports, found: Imports): string[] {
  const problems = [...said.keys()]
    .filter((folder) => !found.has(folder))
    .map((folder) => `${page} names ${folder}, which is no workspace.`);
  for (const [folder, names] of found) {
    const row = said.get(folder);
    if (!row) {
      problems.push(`${page} has no row for ${folder}.`);
      continue;
    }
    for (const name of names.filter((each) => !row.includes(each)))
      problems.push(`${folder} imports ${name}, which ${page} doesn't allow it.`);
    for (const name of row.filter((each) => !names.includes(each)))
      problems.push(`${page} says that ${folder} imports ${name}, and it doesn't.`);
  }
  return problems;
}

/**
 * What the code of each workspace imports of the others. Its tests may import the test kit too; where there is nothing
 * but tests, they count as its code. `tools` is no workspace, but code all the same.
 */
function importsOfWorkspaces(): Imports {
  const files = repositoryFiles().filter((file) => /\.tsx?$/.test(file));
  return new Map(
    [...workspaces(), 'tools'].map((folder) => {
      const own = files.filter((file) => file.startsWith(`${folder}/`));
      const code = folder === 'test' ? own : own.filter((file) => !/\.test\.tsx?$/.test(file));
      return [folder, [...new Set(code.flatMap((file) => importedBy(read(file))))].sort()];
    }),
  );
}

function workspaces(): string[] {
  const { workspaces: patterns } = JSON.parse(read('package.json')) as { workspaces: string[] };
  return globSync(
    patterns.map((pattern) => `${pattern}/package.json`),
    { cwd: root },
  )
    .map((file) => dirname(file))
    .sort();
}

/** Names of the workspaces that a module imports: `dicom` for '@isocenter/dicom/pixel'. */
export function importedBy(code: string): string[] {
  const imports = code.matchAll(/(?:\bfrom|\bimport\(|^import)\s*'@isocenter\/([a-z]+)(?:\/[^']*)?'/gm);
  return [...imports].map(nameOf);
}

/** Paths from the root that the page shows as code: `apps/server/src/main.ts`. */
function missingPaths(text: string): string[] {
  const paths = [...text.matchAll(/`((?:apps|packages|standards|specs|docs|test|tools|bench|seed|\.ci)\/[\w./-]*)`/g)];
  return paths
    .map(nameOf)
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `${page} names ${path}, which isn't there.`);
}

/** The platform knows no feature, and features know each other by their index.ts only. */
function featureProblems(): string[] {
  const files = repositoryFiles().filter((file) => /^apps\/server\/src\/(platform|features)\/.*\.ts$/.test(file));
  return files
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => relativeImports(file).flatMap((target) => boundaryProblem(file, target)));
}

function relativeImports(file: string): string[] {
  const imports = read(file).matchAll(/(?:\bfrom|\bimport\()\s*'(\.[^']+)'/g);
  return [...imports].map(nameOf).map((path) => normalize(join(dirname(file), path)));
}

function boundaryProblem(file: string, target: string): string[] {
  const feature = /^apps\/server\/src\/features\/([a-z-]+)\//;
  const [from, to] = [feature.exec(file)?.[1], feature.exec(target)?.[1]];
  if (to === undefined || from === to) return [];
  if (from === undefined) return [`${file} is platform and imports a feature: ${target}.`];
  return target.endsWith(`/features/${to}/index.ts`) ? [] : [`${file} imports ${target} past its feature's index.ts.`];
}

/** Relative links and pictures of a page of Markdown that lead to no file. */
export function deadLinks(file: string, text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(nameOf);
  return targets
    .filter((target) => !/^([a-z]+:|#|\/)/.test(target))
    .map((target) => target.replace(/#.*$/, ''))
    .filter((target) => !existsSync(join(root, dirname(file), target)))
    .map((target) => `${file} links to ${target}, which isn't there.`);
}
