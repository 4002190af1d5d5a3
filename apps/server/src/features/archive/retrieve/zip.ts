import { PassThrough, Readable } from 'node:stream';
import ZipStream from 'zip-stream';
import type { ObjectStore } from '../../../platform/storage/index.ts';
import type { StoredInstance } from './instance-store.ts';
import { storedFile } from './stored-file.ts';

/** A ZIP of DICOM files, `{series}/{instance}.dcm`, made while it is sent; stored, for images hardly shrink. */
export function zipOf(objects: ObjectStore, instances: readonly StoredInstance[]): AsyncIterable<Uint8Array> {
  const zip = new ZipStream({ store: true, forceZip64: instances.length > 65_000 });
  const out = new PassThrough();
  zip.on('error', (error: Error) => out.destroy(error));
  zip.pipe(out);
  addAll(zip, objects, instances).catch((error: Error) => out.destroy(error));
  return out as AsyncIterable<Uint8Array>;
}

async function addAll(zip: ZipStream, objects: ObjectStore, instances: readonly StoredInstance[]): Promise<void> {
  for (const instance of instances) {
    const name = `${instance.seriesInstanceUid}/${instance.sopInstanceUid}.dcm`;
    await new Promise<void>((resolve, reject) => {
      const body = Readable.from(storedFile(objects, instance), { objectMode: false });
      body.on('error', reject);
      // One fixed date: the same study gives the same bytes.
      zip.entry(body, { name, date: new Date('1980-01-01T00:00:00Z') }, (error) => (error ? reject(error) : resolve()));
    });
  }
  zip.finish();
}
