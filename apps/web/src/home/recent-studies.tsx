import { Anchor, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { studyThumbnail } from '../api/dicomweb.ts';
import type { StudyRow } from '../api/studies.ts';
import { Ago } from '../parts/ago.tsx';
import { Section } from '../parts/page.tsx';
import { Picture } from '../parts/thumbnail.tsx';
import { ZoneBadge } from '../parts/zone.tsx';
import { patientOf, studyLabel } from '../studies/study-words.ts';
import { t } from '../text/t.ts';
import classes from './home-page.module.css';

interface RecentStudiesProps {
  /** Undefined while they are on their way. */
  readonly studies: readonly StudyRow[] | undefined;
  readonly placeholders: number;
}

/** The studies that came last, in pictures. */
export function RecentStudies({ studies, placeholders }: RecentStudiesProps) {
  return (
    <Section
      title={t('home.recent')}
      actions={
        <Anchor component={Link} to="/studies" size="sm">
          {t('home.recent.all')}
        </Anchor>
      }
    >
      <ul className={classes.cards}>
        {studies
          ? studies.map((study) => (
              <li key={study.studyInstanceUid}>
                <StudyCard study={study} />
              </li>
            ))
          : Array.from({ length: placeholders }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the placeholders are all the same
              <li key={index} className={classes.card} aria-hidden>
                <Skeleton height={0} pb="100%" />
                <Skeleton height={12} width="80%" />
                <Skeleton height={12} width="50%" />
              </li>
            ))}
      </ul>
    </Section>
  );
}

function StudyCard({ study }: { readonly study: StudyRow }) {
  return (
    <Link to="/studies/$uid" params={{ uid: study.studyInstanceUid }} className={classes.card}>
      <Picture src={studyThumbnail(study.studyInstanceUid)} modality={study.modalities.join(', ')} />
      <span className={classes.name}>{patientOf(study)}</span>
      <span className={classes.soft}>{studyLabel(study)}</span>
      <span className={classes.foot}>
        <ZoneBadge zone={study.zone} subtle />
        <Ago iso={study.receivedAt} />
      </span>
    </Link>
  );
}
