import { JPEGBaseline8Bit } from '@isocenter/dicom';
import { ULTRASOUND, ultrasoundCine } from '../physics/ultrasound.ts';
import { type Series, type Study, seriesUid, studyUid } from '../series/study.ts';
import { ultrasoundInstance } from '../series/ultrasound.ts';

/** An ultrasound cine loop with colour Doppler. */
export function ultrasoundSeries(study: Study, seed: number): Series {
  const description = 'Abdomen color cine';
  return {
    studyInstanceUid: studyUid(study),
    seriesInstanceUid: seriesUid(study, 1),
    number: 1,
    modality: 'US',
    description,
    instanceCount: 1,
    transferSyntaxUid: JPEGBaseline8Bit,
    *instances() {
      const { date, time, person, scanner } = study;
      const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
      const clock = `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`;
      const lines = [
        scanner.hospital.name,
        `${person.name.Alphabetic ?? ''} ID ${person.id}`,
        `${day} ${clock}`,
        'ABDOMEN C5-1',
      ];
      const { width, height, frames } = ULTRASOUND;
      const pixels = new Uint8Array(width * height * 3 * frames);
      let at = 0;
      for (const frame of ultrasoundCine(seed, lines)) {
        pixels.set(frame, at);
        at += frame.length;
      }
      yield ultrasoundInstance(study, 1, pixels, description);
    },
  };
}
