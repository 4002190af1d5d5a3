import {
  cache,
  Enums,
  eventTarget,
  getRenderingEngine,
  RenderingEngine,
  type StackViewport,
  utilities,
} from '@cornerstonejs/core';
import { utilities as toolUtilities } from '@cornerstonejs/tools';
import { forgetTrouble } from './failures.ts';
import { orientationOf, type Sides } from './orientation.ts';
import { Prefetch } from './prefetch.ts';
import type { Stack, StackImage } from './stack.ts';
import { joinToolGroup, leaveToolGroup } from './tools.ts';

const engineId = 'viewer';
const { Events } = Enums;

/** What a pane shows of its view. */
export interface ViewState {
  /** Which image is shown or being loaded, from 0. */
  readonly index: number;
  readonly loading: boolean;
  readonly window: { readonly center: number; readonly width: number } | null;
  readonly zoom: number;
  readonly invert: boolean;
  readonly sides: Sides | null;
  /** Which images are in memory. */
  readonly loaded: readonly boolean[];
  readonly playing: boolean;
}

const blank: ViewState = {
  index: 0,
  loading: true,
  window: null,
  zoom: 1,
  invert: false,
  sides: null,
  loaded: [],
  playing: false,
};

/** A stack of images in an element: the one place that talks to a Cornerstone viewport. */
export class View {
  readonly #id: string;
  readonly #element: HTMLDivElement;
  readonly #engine: RenderingEngine;
  readonly #resize: ResizeObserver;
  #stack: Stack | null = null;
  #prefetch: Prefetch | null = null;
  #state: ViewState = blank;
  readonly #listeners = new Set<() => void>();

  constructor(id: string, element: HTMLDivElement) {
    this.#id = id;
    this.#element = element;
    this.#engine = (getRenderingEngine(engineId) as RenderingEngine | undefined) ?? new RenderingEngine(engineId);
    this.#engine.enableElement({
      viewportId: id,
      type: Enums.ViewportType.STACK,
      element,
      defaultOptions: { background: [0, 0, 0] },
    });
    joinToolGroup(id, engineId);
    element.addEventListener(Events.PRE_STACK_NEW_IMAGE, this.#onWanted as EventListener);
    element.addEventListener(Events.STACK_NEW_IMAGE, this.#onShown as EventListener);
    element.addEventListener(Events.VOI_MODIFIED, this.#onLook);
    element.addEventListener(Events.CAMERA_MODIFIED, this.#onLook);
    element.addEventListener(Events.IMAGE_RENDERED, this.#onLook);
    eventTarget.addEventListener(Events.IMAGE_LOAD_ERROR, this.#onError as EventListener);
    this.#resize = new ResizeObserver(() => this.#engine.resize(true, true));
    this.#resize.observe(element);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): ViewState => this.#state;

  destroy(): void {
    this.stop();
    this.#prefetch?.stop();
    this.#resize.disconnect();
    this.#element.removeEventListener(Events.PRE_STACK_NEW_IMAGE, this.#onWanted as EventListener);
    this.#element.removeEventListener(Events.STACK_NEW_IMAGE, this.#onShown as EventListener);
    this.#element.removeEventListener(Events.VOI_MODIFIED, this.#onLook);
    this.#element.removeEventListener(Events.CAMERA_MODIFIED, this.#onLook);
    this.#element.removeEventListener(Events.IMAGE_RENDERED, this.#onLook);
    eventTarget.removeEventListener(Events.IMAGE_LOAD_ERROR, this.#onError as EventListener);
    leaveToolGroup(this.#id, engineId);
    this.#engine.disableElement(this.#id);
  }

  /** Shows a stack from one of its images on. */
  async show(stack: Stack, index: number): Promise<void> {
    this.stop();
    this.#prefetch?.stop();
    this.#stack = stack;
    const ids = stack.images.map((image) => image.imageId);
    const start = Math.max(0, Math.min(index, ids.length - 1));
    this.#put({ ...blank, index: start });
    if (this.#viewport.getCornerstoneImage()) this.#viewport.resetProperties();
    await this.#viewport.setStack(ids, start);
    if (this.#stack !== stack) return;
    this.#prefetch = new Prefetch(ids, this.#onLoaded);
    this.#prefetch.moveTo(start);
    this.#viewport.render();
  }

  goTo(index: number): void {
    const last = (this.#stack?.images.length ?? 1) - 1;
    const wanted = Math.max(0, Math.min(last, index));
    // While dragging along the scroll bar only the last image wanted is worth loading.
    if (wanted !== this.#state.index) this.#viewport.scroll(wanted - this.#viewport.getTargetImageIdIndex());
  }

  /** The image that is shown or being loaded. */
  image(): StackImage | null {
    return this.#stack?.images[this.#state.index] ?? null;
  }

  draw(): void {
    this.#viewport.render();
  }

  /** Asks again for the image that could not be shown. */
  async again(): Promise<void> {
    const imageId = this.#stack?.images[this.#state.index]?.imageId;
    if (!this.#stack || !imageId) return;
    forgetTrouble(imageId);
    if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
    await this.show(this.#stack, this.#state.index);
  }

  setWindow(center: number, width: number): void {
    this.#viewport.setProperties({ voiRange: utilities.windowLevel.toLowHighRange(width, center) });
    this.#viewport.render();
  }

  /** Spreads the grey scale over what the image holds, but for one in a hundred pixels at either end. */
  setAutoWindow(): void {
    const image = this.#viewport.getCornerstoneImage();
    if (!image || image.color) return;
    const [lower, upper] = percentiles(image.getPixelData(), 0.01, 0.99);
    if (upper > lower) this.setWindow((lower + upper) / 2, upper - lower);
  }

  toggleInvert(): void {
    this.#viewport.setProperties({ invert: !this.#viewport.getProperties().invert });
    this.#viewport.render();
  }

  rotate(degrees: number): void {
    const rotation = this.#viewport.getViewPresentation().rotation ?? 0;
    this.#viewport.setViewPresentation({ rotation: (rotation + degrees + 360) % 360 });
    this.#viewport.render();
  }

  flip(direction: 'horizontal' | 'vertical'): void {
    const { flipHorizontal = false, flipVertical = false } = this.#viewport.getCamera();
    this.#viewport.setCamera(
      direction === 'horizontal' ? { flipHorizontal: !flipHorizontal } : { flipVertical: !flipVertical },
    );
    this.#viewport.render();
  }

  zoomBy(factor: number): void {
    this.#viewport.setZoom(this.#viewport.getZoom() * factor);
    this.#viewport.render();
  }

  /** Back to how the file asks to be shown. */
  reset(): void {
    this.#viewport.resetCamera();
    this.#viewport.resetProperties();
    this.#viewport.render();
  }

  play(framesPerSecond: number, loop: boolean): void {
    toolUtilities.cine.playClip(this.#element, { framesPerSecond, loop });
    this.#put({ ...this.#state, playing: true });
    if (!loop) this.#element.addEventListener('CORNERSTONE_CINE_TOOL_STOPPED', () => this.stop(), { once: true });
  }

  stop(): void {
    if (!this.#state.playing) return;
    toolUtilities.cine.stopClip(this.#element);
    this.#put({ ...this.#state, playing: false });
  }

  /** The stored value under a point of the element (rescaled, as Hounsfield units), or null beside the image. */
  valueAt(x: number, y: number): { readonly column: number; readonly row: number; readonly value: string } | null {
    const data = this.#viewport.getImageData();
    const image = this.#viewport.getCornerstoneImage();
    if (!data || !image) return null;
    const [i = 0, j = 0] = utilities.transformWorldToIndex(data.imageData, this.#viewport.canvasToWorld([x, y]));
    if (i < 0 || j < 0 || i >= image.columns || j >= image.rows) return null;
    const at = (j * image.columns + i) * image.numberOfComponents;
    const pixels = image.getPixelData();
    const values = Array.from({ length: image.numberOfComponents }, (_, component) => pixels[at + component] ?? 0);
    return { column: i, row: j, value: values.map((value) => String(Math.round(value * 100) / 100)).join(' ') };
  }

  get #viewport(): StackViewport {
    return this.#engine.getViewport(this.#id) as StackViewport;
  }

  #onWanted = (event: CustomEvent<{ imageIdIndex: number }>) => {
    this.#put({ ...this.#state, index: event.detail.imageIdIndex, loading: true });
  };

  #onShown = (event: CustomEvent<{ imageIdIndex: number }>) => {
    this.#put({ ...this.#state, index: event.detail.imageIdIndex, loading: false });
    this.#prefetch?.moveTo(event.detail.imageIdIndex);
    this.#onLoaded();
  };

  #onError = (event: CustomEvent<{ imageId?: string }>) => {
    if (event.detail.imageId !== this.#stack?.images[this.#state.index]?.imageId) return;
    this.#put({ ...this.#state, loading: false });
    this.#prefetch?.moveTo(this.#state.index);
  };

  #onLoaded = () => {
    const loaded = this.#stack?.images.map((image) => cache.isLoaded(image.imageId)) ?? [];
    this.#put({ ...this.#state, loaded });
  };

  /** Takes over what the mouse has done to window and camera. */
  #onLook = () => {
    const viewport = this.#viewport;
    if (!viewport?.getCornerstoneImage()) return;
    const { voiRange, invert = false } = viewport.getProperties();
    const window = voiRange ? utilities.windowLevel.toWindowLevel(voiRange.lower, voiRange.upper) : null;
    this.#put({
      ...this.#state,
      window: window && { center: window.windowCenter, width: window.windowWidth },
      zoom: viewport.getZoom(),
      invert,
      sides: this.#isOriented() ? orientationOf(viewport) : null,
    });
  };

  #isOriented(): boolean {
    const image = this.#stack?.images[this.#state.index];
    return (
      image !== undefined && ('00200037' in image.header || '52009229' in image.header || '52009230' in image.header)
    );
  }

  #put(state: ViewState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function percentiles(pixels: ArrayLike<number>, low: number, high: number): [number, number] {
  // Some thousand pixels tell as much as all of them.
  const step = Math.max(1, Math.floor(pixels.length / 20_000));
  const sample = Float64Array.from(
    { length: Math.floor(pixels.length / step) },
    (_, index) => pixels[index * step] ?? 0,
  );
  sample.sort();
  const at = (share: number) => sample[Math.min(sample.length - 1, Math.floor(sample.length * share))] ?? 0;
  return [at(low), at(high)];
}
