import { codecModules, type LoadCodecAsset } from './codec-assets.ts';
import { type CornerstoneCodec, type CornerstoneName, cornerstoneCodec } from './cornerstone-codecs.ts';
import { type DcmjsCodecs, dcmjsCodecs } from './dcmjs-codecs.ts';

/** The codecs of one thread, each loaded when it is first needed. */
export interface Codecs {
  dcmjs(): Promise<DcmjsCodecs>;
  cornerstone(name: CornerstoneName): Promise<CornerstoneCodec>;
}

export function openCodecs(load: LoadCodecAsset): Codecs {
  const moduleOf = codecModules(load);
  let dcmjs: DcmjsCodecs | undefined;
  const cornerstone = new Map<CornerstoneName, CornerstoneCodec>();
  return {
    dcmjs: async () => {
      const module = await moduleOf('dcmjs');
      dcmjs ??= dcmjsCodecs(module);
      return dcmjs;
    },
    cornerstone: async (name) => {
      const module = await moduleOf(name);
      const codec = cornerstone.get(name) ?? cornerstoneCodec(name, module);
      cornerstone.set(name, codec);
      return codec;
    },
  };
}
