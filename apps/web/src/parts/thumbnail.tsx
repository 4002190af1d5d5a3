import { IconFileText, IconPhotoOff } from '@tabler/icons-react';
import { useState } from 'react';
import { seriesThumbnail } from '../api/dicomweb.ts';
import type { SeriesRow } from '../api/studies.ts';
import classes from './thumbnail.module.css';

interface ThumbnailProps {
  readonly study: string;
  readonly series: Pick<SeriesRow, 'seriesInstanceUid' | 'modality' | 'hasPixels'>;
}

/** The middle image of a series, on black as on a film; for a series without images, its modality. */
export function Thumbnail({ study, series }: ThumbnailProps) {
  return (
    <Picture
      src={series.hasPixels ? seriesThumbnail(study, series.seriesInstanceUid) : null}
      modality={series.modality}
    />
  );
}

/** The picture at an address, with what stands in for it while it is missing. */
export function Picture({ src, modality }: { readonly src: string | null; readonly modality: string }) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  const Icon = src === null ? IconFileText : IconPhotoOff;
  return (
    <span className={classes.frame} data-state={src === null ? 'none' : state}>
      {src !== null && state !== 'failed' && (
        <img
          src={src}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setState('shown')}
          onError={() => setState('failed')}
        />
      )}
      {(src === null || state === 'failed') && (
        <span className={classes.instead}>
          <Icon size={24} stroke={1.3} aria-hidden />
          <span>{modality}</span>
        </span>
      )}
    </span>
  );
}
