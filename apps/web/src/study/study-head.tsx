import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { StudyDetail } from '../api/studies.ts';
import { ModalityTags } from '../parts/modality-tags.tsx';
import { showsIdentity, ZoneBadge } from '../parts/zone.tsx';
import { formatBytes } from '../text/format.ts';
import { t } from '../text/t.ts';
import { birthOf } from './study-facts.tsx';
import classes from './study-page.module.css';

/** The lines under a study's name. */
export function StudyHead({ study }: { readonly study: StudyDetail }) {
  const open = showsIdentity(study.zone);
  const person = open ? [study.patientId, birthOf(study), study.patientSex] : [study.patientSex];
  const what = [study.description, [study.studyDate, study.studyTime?.slice(0, 5)].filter(Boolean).join(' ')];
  const size = [
    t('count.series', { count: study.seriesCount }),
    t('count.instances', { count: study.instanceCount }),
    formatBytes(study.sizeBytes),
  ];
  return (
    <span className={classes.head}>
      <Anchor component={Link} to="/studies" inherit>
        {t('area.studies')}
      </Anchor>
      <ZoneBadge zone={study.zone} />
      <ModalityTags modalities={study.modalities} />
      {[...person, ...what, ...(open && study.accessionNumber ? [study.accessionNumber] : []), ...size]
        .filter(Boolean)
        .map((text) => (
          <span key={text} className={classes.fact}>
            {text}
          </span>
        ))}
    </span>
  );
}
