import { registeredUid, sopClassName, transferSyntaxOf } from '@isocenter/dicom';
import { Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { seriesPicture } from '../api/dicomweb.ts';
import type { SeriesRow } from '../api/studies.ts';
import { Ago } from '../parts/ago.tsx';
import { Facts } from '../parts/facts.tsx';
import { Picture } from '../parts/thumbnail.tsx';
import { formatBytes } from '../text/format.ts';
import { t } from '../text/t.ts';
import { seriesSize } from './series-words.ts';
import classes from './study-page.module.css';

/** What is known of a series without opening its headers. */
export function SeriesFacts({ study, series }: { readonly study: string; readonly series: SeriesRow }) {
  const uid = series.seriesInstanceUid;
  return (
    <div className={classes.facts}>
      {series.hasPixels && (
        <Link
          to="/studies/$uid/view"
          params={{ uid: study }}
          search={{ series: [uid] }}
          className={classes.large}
          aria-label={t('series.view')}
        >
          <Picture src={seriesPicture(study, uid, 512)} modality={series.modality} />
        </Link>
      )}
      <Facts
        facts={[
          [t('series.modality'), series.modality],
          [t('series.bodyPart'), series.bodyPart],
          [t('series.protocol'), series.protocol],
          [t('series.device'), [series.manufacturer, series.model].filter(Boolean).join(' ')],
          [
            t('series.contents'),
            [
              seriesSize(series),
              series.frameCount > series.instanceCount && t('count.instances', { count: series.instanceCount }),
              formatBytes(series.sizeBytes),
            ]
              .filter(Boolean)
              .join(', '),
          ],
          [t('series.matrix'), series.columns && series.rows ? `${series.columns} × ${series.rows}` : ''],
          [
            t('series.transferSyntax'),
            names(series.transferSyntaxUids, (uid) => transferSyntaxOf(uid).name || registeredUid(uid)?.name),
          ],
          [t('series.sopClass'), names(series.sopClassUids, sopClassName)],
          [t('series.received'), <Ago key="received" iso={series.receivedAt} />],
          [t('series.uid'), <Code key="uid">{series.seriesInstanceUid}</Code>],
        ]}
      />
    </div>
  );
}

function names(uids: readonly string[], nameOf: (uid: string) => string | undefined): string {
  return uids.map((uid) => nameOf(uid) ?? uid).join('; ');
}
