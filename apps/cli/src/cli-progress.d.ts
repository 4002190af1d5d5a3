/** The part of cli-progress that we use; the package has no types of its own. */
declare module 'cli-progress' {
  export interface Options {
    format?: string;
    barCompleteChar?: string;
    barIncompleteChar?: string;
    barsize?: number;
    hideCursor?: boolean;
    clearOnComplete?: boolean;
    stream?: NodeJS.WritableStream;
  }
  export class SingleBar {
    constructor(options: Options);
    start(total: number, startValue: number, payload?: object): void;
    update(current: number, payload?: object): void;
    stop(): void;
  }
  const cliProgress: { SingleBar: typeof SingleBar };
  // biome-ignore lint/style/noDefaultExport: the package is CommonJS.
  export default cliProgress;
}
