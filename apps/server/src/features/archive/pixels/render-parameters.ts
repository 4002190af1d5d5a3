import type { FieldProblem } from '@isocenter/contract';
import { isSoundWindow, type Window, type WindowShape } from '@isocenter/dicom/pixel';
import { Problem } from '../../../platform/http/index.ts';

/** Part of a picture. A negative width or height mirrors it; `null`: to its right or lower edge. */
export interface SourceRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number | null;
  readonly height: number | null;
  /** How the four numbers count: pixels of the picture, or parts of its width and height. */
  readonly unit: 'pixel' | 'part';
}

export interface View {
  /** The largest size of the picture; it keeps its proportions. Undefined: any. */
  readonly width?: number;
  readonly height?: number;
  readonly source?: SourceRegion;
}

export type Annotation = 'patient' | 'technique';

/** How a picture shall be rendered. */
export interface RenderParameters {
  readonly window?: Window;
  readonly viewport?: View;
  /** JPEG, 1 to 100. */
  readonly quality?: number;
  readonly annotation: readonly Annotation[];
}

type Query = Readonly<Record<string, unknown>>;

/** Largest side of a rendered picture. */
export const MAX_SIDE = 8192;

const functions: Readonly<Record<string, WindowShape>> = {
  linear: 'LINEAR',
  'linear-exact': 'LINEAR_EXACT',
  sigmoid: 'SIGMOID',
};
const profiles = ['no', 'yes', 'srgb', 'adobergb', 'rommrgb', 'displayp3'];

/**
 * The query parameters of rendered resources (PS3.18 8.3.5). `iccprofile` is checked and has no effect: pictures are
 * sRGB and carry no profile.
 */
export function renderParameters(query: Query): RenderParameters {
  const reading = new ParameterReading(query);
  const parameters = {
    ...reading.take('window', parseWindow),
    ...reading.take('viewport', parseViewport),
    ...reading.take('quality', parseQuality),
    annotation: reading.take('annotation', parseAnnotation).annotation ?? [],
  };
  reading.take('iccprofile', (text) => (profiles.includes(text) ? text : refuse(`is one of ${profiles.join(', ')}`)));
  reading.finish();
  return parameters;
}

/** Thumbnails have a viewport only. */
export function thumbnailViewport(query: Query): View | undefined {
  const reading = new ParameterReading(query);
  const { viewport } = reading.take('viewport', parseViewport);
  reading.finish();
  return viewport;
}

/** What is wrong with a parameter. */
export class Refused {
  readonly problem: string;
  constructor(problem: string) {
    this.problem = problem;
  }
}

export const refuse = (problem: string): Refused => new Refused(problem);

/** Reads the parameters of a query one by one and then refuses all that are wrong at once. */
export class ParameterReading {
  private readonly query: Query;
  private readonly problems: FieldProblem[] = [];

  constructor(query: Query) {
    this.query = query;
  }

  take<K extends string, T>(name: K, parse: (text: string) => T | Refused): { [key in K]?: T } {
    const value = this.query[name];
    if (value === undefined) return {};
    const parsed = typeof value === 'string' ? parse(value.trim()) : refuse('is given more than once');
    if (!(parsed instanceof Refused)) return { [name]: parsed } as { [key in K]?: T };
    this.problems.push({ field: `query.${name}`, problem: parsed.problem });
    return {};
  }

  refuse(name: string, problem: string): void {
    this.problems.push({ field: `query.${name}`, problem });
  }

  finish(): void {
    if (this.problems.length > 0) throw new Problem('invalid-request', { fields: this.problems });
  }
}

/** A decimal number as DICOM and URLs have it; NaN for anything else. */
export const decimal = (text: string): number =>
  /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;

function parseWindow(text: string): Window | Refused {
  const [center = '', width = '', name = 'linear', ...more] = text.split(',').map((part) => part.trim());
  const shape = functions[name.toLowerCase()];
  const window = { center: decimal(center), width: decimal(width), shape: shape ?? 'LINEAR' };
  if (more.length > 0 || shape === undefined || !Number.isFinite(window.center) || !Number.isFinite(window.width))
    return refuse('is center,width,function, where function is linear, linear-exact or sigmoid');
  return isSoundWindow(window) ? window : refuse(NO_WIDTH);
}

export const NO_WIDTH = 'has no width that can be shown: at least 1 if linear, else more than 0';

function parseViewport(text: string): View | Refused {
  const parts = text.split(',').map((part) => part.trim());
  const [width, height] = parts.slice(0, 2).map(decimal);
  if (![2, 6].includes(parts.length) || !isSide(width) || !isSide(height))
    return refuse(`is width,height or width,height,x,y,width,height; sides are whole numbers up to ${MAX_SIDE}`);
  const [left = null, top = null, across = null, down = null] = parts
    .slice(2)
    .map((part) => (part === '' ? null : decimal(part)));
  const given = [left, top, across, down].filter((value) => value !== null);
  if (given.some((value) => !Number.isFinite(value)) || across === 0 || down === 0 || (left ?? 0) < 0 || (top ?? 0) < 0)
    return refuse('names a region that is none: x and y are at least 0, width and height not 0');
  const source = { left: left ?? 0, top: top ?? 0, width: across, height: down, unit: 'pixel' as const };
  return { width, height, ...(given.length > 0 && { source }) };
}

export const isSide = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= MAX_SIDE;

export function parseQuality(text: string): number | Refused {
  const quality = decimal(text);
  return Number.isInteger(quality) && quality >= 1 && quality <= 100
    ? quality
    : refuse('is a whole number from 1 to 100');
}

export function parseAnnotation(text: string): readonly Annotation[] | Refused {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const known = names.every((name): name is Annotation => name === 'patient' || name === 'technique');
  return known ? (names as Annotation[]) : refuse('is patient, technique or both, separated by a comma');
}
