import { swapUnits } from '@isocenter/dicom';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { swappedUnits } from './swapped-units.ts';

test('[ARCH-2] a stream is turned round alike, wherever its chunks end', async () => {
  const unit = fc.constantFrom<1 | 2 | 4 | 8>(1, 2, 4, 8);
  await fc.assert(
    fc.asyncProperty(unit, fc.array(fc.uint8Array({ maxLength: 13 })), async (size, chunks) => {
      const whole = Buffer.concat(chunks);
      const turned: Uint8Array[] = [];
      for await (const chunk of swappedUnits(each(chunks), size)) turned.push(chunk);
      expect(Buffer.concat(turned)).toEqual(Buffer.from(swapUnits(whole, size)));
    }),
  );
});

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
