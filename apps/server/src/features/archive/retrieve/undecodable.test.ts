import { ExplicitVRLittleEndian, transferSyntaxes } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { expect, test } from 'vitest';
import { isDecodable } from '../pixels/frame-forms.ts';
import { counted, partsOf, pathOf, pictureFile, store } from '../pixels/test/picture-file.ts';

const server = testServer();
const OCTETS = 'multipart/related; type="application/octet-stream"';

const get = (path: string, accept: string): Promise<Response> => server.fetch(path, { headers: { accept } });

/** Those of the standard that no codec here reads, a retired one (JPEG, hierarchical) and one of nobody. */
const undecodable = [
  ...transferSyntaxes.filter((syntax) => !isDecodable(syntax)).map(({ uid }) => uid),
  '1.2.840.10008.1.2.4.58',
  '1.2.826.0.1.3680043.10.1.1',
];

test.each(undecodable)(
  '[ARCH-2] pixels in %s are stored and served as they are, and refused with the reason where they would have to be decoded',
  async (transferSyntaxUid) => {
    const file = pictureFile({ transferSyntaxUid, fragments: [counted(100)] });
    await store(server, file);
    const path = pathOf(file);

    const asStored = await get(path, 'application/dicom; transfer-syntax=*');
    expect(Buffer.from(await asStored.arrayBuffer()).equals(file.bytes)).toBe(true);
    const [instance] = await partsOf(await get(path, 'multipart/related; type="application/dicom"'));
    expect(instance!.body.equals(file.bytes)).toBe(true);
    const [frame] = await partsOf(await get(`${path}/frames/1`, `${OCTETS}; transfer-syntax=*`));
    expect(frame!.body.equals(counted(100))).toBe(true);

    for (const [resource, accept] of [
      ['/frames/1', OCTETS],
      ['/frames/1', 'multipart/related; type="image/jls"'],
      ['/rendered', 'image/png'],
      ['', `application/dicom; transfer-syntax=${ExplicitVRLittleEndian}`],
    ] as const) {
      const refused = await (await get(`${path}${resource}`, accept)).json();
      expect([resource, accept, refused]).toMatchObject([
        resource,
        accept,
        { status: 406, code: 'not-acceptable', params: { reason: expect.stringMatching(/\S{3,}.*\.$/) } },
      ]);
    }
  },
);
