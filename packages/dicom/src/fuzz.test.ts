import { readFileSync, statSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { realFiles, realFilesFolder } from '@isocenter/testkit/real-files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DicomError } from './dicom-error.ts';
import { applySegments, editDataSet } from './edit.ts';
import { jsonText, toJson } from './json.ts';
import type { DataSet, JsonDataSet, Part10 } from './model.ts';
import { Part10Reader, readDataSet, readPart10 } from './part10.ts';
import { encodeElements } from './reencode.ts';
import { isPrivateCreator, type Tag, tagHex } from './tag.ts';
import { arbitraryNodes, chunksOf, uncompressed } from './testing/arbitrary.ts';
import { encode, file, type Node } from './testing/encoded.ts';
import { mutate, placesOf, Seeded } from './testing/mutate.ts';
import { ExplicitVRLittleEndian, transferSyntaxOf } from './transfer-syntax.ts';
import { writeDataSet } from './writer.ts';
import { fromXml, toXml } from './xml.ts';

/** How many mutated files are tried; ISOCENTER_FUZZ asks for more. */
const RUNS = Number(process.env.ISOCENTER_FUZZ ?? (process.env.CI === 'true' ? 10_000 : 1_000));
const SEED = Number(process.env.ISOCENTER_FUZZ_SEED ?? 1);
/** Files that broke something once: the file's name and the seed that its failure was printed with. They always run. */
const frozen: readonly [name: string, seed: number][] = [];

/** Processor time that one file of a few kilobytes may take, ms. Most take less than one. */
const TIME = 2000;
/** Bytes that reading may keep: what a mutated length must not get beyond. */
const KEEP_TOTAL = 64 << 20;
const SMALL = 40_000;

const generated: [string, Uint8Array][] = fc
  .sample(arbitraryNodes(3), { seed: 7, numRuns: 40 })
  .filter((nodes) => nodes.length > 0)
  .map((nodes, i): [string, Uint8Array] => {
    const { uid, layout, deflated } = uncompressed[i % 4]!;
    const fragments = [new Uint8Array(4), new Uint8Array(64).fill(i)];
    const pixelData: Node = { kind: 'encapsulated', tag: 0x7fe00010, fragments };
    if (i % 8 === 1) return [`generated ${i}`, file('1.2.840.10008.1.2.4.50', encode([...nodes, pixelData], layout))];
    const bytes = encode(nodes, layout);
    return [`generated ${i}`, file(uid, deflated ? deflateRawSync(bytes) : bytes)];
  });

const real: [string, Uint8Array][] = realFiles
  .filter((path) => statSync(`${realFilesFolder}/${path}`).size < SMALL)
  .filter((path, i) => path.startsWith('dicom/') || i % 12 === 0)
  .map((path) => [path, new Uint8Array(readFileSync(`${realFilesFolder}/${path}`))]);

const bases = new Map([...generated, ...real]);
const names = [...bases.keys()];
const places = new Map<string, ReturnType<typeof placesOf>>();

/** The file that a name and a seed stand for. */
function mutated(name: string, seed: number): Uint8Array {
  const bytes = bases.get(name)!;
  if (!places.has(name)) places.set(name, placesOf(bytes));
  const random = new Seeded(seed);
  return mutate(bytes, places.get(name)!, random, generated[random.below(generated.length)]![1]);
}

/** What `work` gives; undefined when it says in the agreed way that it can't. Anything else that it throws is a bug. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

function survive(bytes: Uint8Array, seed: number): void {
  const limits = { keepTotal: KEEP_TOTAL };
  const random = new Seeded(seed);
  const sizes = Array.from({ length: 8 }, () => 1 + random.below(700));
  const part10 = attempt(() => readPart10(bytes, limits));
  const streamed = attempt(() => {
    const reader = new Part10Reader(limits);
    for (const chunk of chunksOf(bytes, sizes)) reader.push(chunk);
    return reader.end();
  });
  expect(streamed === undefined).toBe(part10 === undefined);
  attempt(() => readPart10(bytes, { ...limits, keep: 64, stopBefore: 0x7fe00010 }));
  if (!part10 || !streamed) return;
  const json = toJson(part10.dataSet);
  expect(jsonText(toJson(streamed.dataSet))).toBe(jsonText(json));
  convert(part10, json);
  if (!part10.transferSyntax.deflated) edit(part10, json, bytes, random);
}

function convert({ dataSet }: Part10, json: JsonDataSet): void {
  attempt(() => fromXml(toXml(json)));
  attempt(() => encodeElements(dataSet, transferSyntaxOf(ExplicitVRLittleEndian)));
  const written = attempt(() => writeDataSet(json));
  if (!written) return;
  // What can be written is read again, and then it is as plain as can be: writing changes nothing more.
  const syntax = transferSyntaxOf(ExplicitVRLittleEndian);
  const plain = attempt(() => writeDataSet(toJson(readDataSet(written, syntax))));
  if (plain) expect(jsonText(toJson(readDataSet(plain, syntax)))).toBe(jsonText(toJson(readDataSet(written, syntax))));
}

/** What the reading of other elements depends on. */
const isContext = (tag: Tag): boolean => tag === 0x00080005 || tag === 0x00280103 || isPrivateCreator(tag);

function edit({ dataSet, transferSyntax }: Part10, json: JsonDataSet, bytes: Uint8Array, random: Seeded): void {
  if (dataSet.truncated) {
    expect(() => editDataSet(dataSet, { element: () => 'keep' })).toThrow(DicomError);
    return;
  }
  const kept = applySegments(editDataSet(dataSet, { element: () => 'keep' }), bytes);
  expect(Buffer.compare(kept, bytes.subarray(dataSet.offset, dataSet.end))).toBe(0);
  const place = random.pick(placesIn(dataSet, []));
  const [target, path] = [place.at(-1)!, place.slice(0, -1).join()];
  if (isContext(target)) return;
  const edited = editDataSet(dataSet, {
    element: ({ tag }, _, around) => (tag === target && around.join() === path ? 'remove' : 'keep'),
  });
  const again = readDataSet(applySegments(edited, bytes), transferSyntax);
  expect(again.truncated).toBe(false);
  expect(jsonText(toJson(again))).toBe(jsonText(without(json, place)));
}

/** The tags that lead to each element, its own last. */
const placesIn = (dataSet: DataSet, path: readonly Tag[]): (readonly Tag[])[] =>
  [...dataSet.elements.values()].flatMap(({ tag, items = [] }) => [
    [...path, tag],
    ...items.flatMap((item) => placesIn(item.dataSet, [...path, tag])),
  ]);

function without(json: JsonDataSet, [tag, ...inner]: readonly Tag[]): JsonDataSet {
  const hex = tagHex(tag!);
  if (inner.length === 0) return Object.fromEntries(Object.entries(json).filter(([key]) => key !== hex));
  const element = json[hex];
  if (element?.vr !== 'SQ' || !element.Value) return json;
  return { ...json, [hex]: { vr: 'SQ', Value: (element.Value as JsonDataSet[]).map((item) => without(item, inner)) } };
}

function timed(name: string, seed: number): void {
  const before = process.cpuUsage();
  try {
    survive(mutated(name, seed), seed);
  } catch (error) {
    throw new Error(`['${name}', ${seed}] fails: ${(error as Error).message}`, { cause: error });
  }
  const { user, system } = process.cpuUsage(before);
  if ((user + system) / 1000 > TIME) throw new Error(`['${name}', ${seed}] takes ${(user + system) / 1000} ms`);
}

describe('damaged files', () => {
  it('[ARCH-2] that broke something once', () => {
    for (const [name, seed] of frozen) if (bases.has(name)) timed(name, seed);
  });

  it(`[ARCH-2] are read or refused, in time and memory, and are what they are after editing: ${RUNS}`, {
    timeout: 60_000 + RUNS * 60,
  }, () => {
    const order = new Seeded(SEED);
    for (let run = 0; run < RUNS; run++) timed(order.pick(names), order.below(2 ** 32));
    expect(process.memoryUsage().rss).toBeLessThan(1 << 30);
  });

  it('[ARCH-2] cut at every byte are read as far as they go, or refused', { timeout: 120_000 }, () => {
    const files = [...generated.slice(0, 6), ...real.filter(([, bytes]) => bytes.length < 3000).slice(0, 3)];
    for (const [name, bytes] of files) {
      for (let length = 0; length < bytes.length; length++) {
        const code = attempt(() => toJson(readPart10(bytes.subarray(0, length)).dataSet));
        if (length === bytes.length - 1 && name.startsWith('dicom/')) expect(code, name).toBeDefined();
      }
    }
  });
});
