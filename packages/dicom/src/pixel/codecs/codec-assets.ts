/**
 * The WebAssembly files of the codecs, as npm subpaths. Nothing here reads files or fetches: whoever decodes passes a
 * {@link LoadCodecAsset}. In Node: `readFile(fileURLToPath(import.meta.resolve(codecAssets[asset])))`; in a browser
 * bundle: `fetch` of the URL that the bundler gives for the subpath. A compiled module is welcome too (it can be sent
 * to a worker thread, so that one compilation serves them all).
 */
export const codecAssets = {
  dcmjs: 'dcmjs-codecs/build/dcmjs-native-codecs.wasm',
  openjpeg: '@cornerstonejs/codec-openjpeg/wasm',
  openjph: '@cornerstonejs/codec-openjph/wasm',
  libjpegturbo: '@cornerstonejs/codec-libjpeg-turbo-8bit/wasm',
} as const;

export type CodecAsset = keyof typeof codecAssets;

export type LoadCodecAsset = (asset: CodecAsset) => Promise<WebAssembly.Module | BufferSource>;

/** Compiles what the loader gives. Each asset is loaded once, when it is first needed. */
export function codecModules(load: LoadCodecAsset): (asset: CodecAsset) => Promise<WebAssembly.Module> {
  const modules = new Map<CodecAsset, Promise<WebAssembly.Module>>();
  return (asset) => {
    const known = modules.get(asset);
    if (known) return known;
    const loading = load(asset).then((got) => (got instanceof WebAssembly.Module ? got : WebAssembly.compile(got)));
    modules.set(asset, loading);
    loading.catch(() => modules.delete(asset));
    return loading;
  };
}
