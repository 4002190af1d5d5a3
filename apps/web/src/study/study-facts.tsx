import type { StudyDetail } from '../api/studies.ts';
import { Ago } from '../parts/ago.tsx';
import { Facts } from '../parts/facts.tsx';
import { showsIdentity } from '../parts/zone.tsx';
import { ageAt, formatBytes, formatPersonName } from '../text/format.ts';
import { t } from '../text/t.ts';

/** What is known of a study, identity only where it may be seen. */
export function StudyFacts({ study }: { readonly study: StudyDetail }) {
  const open = showsIdentity(study.zone);
  return (
    <Facts
      facts={[
        [t('study.patientId'), open && study.patientId],
        [t('study.birthDate'), open && birthOf(study)],
        [t('study.sex'), study.patientSex],
        [t('study.date'), [study.studyDate, study.studyTime?.slice(0, 5)].filter(Boolean).join(' ')],
        [t('study.description'), study.description],
        [t('study.accession'), open && study.accessionNumber],
        [t('study.referring'), open && formatPersonName(study.referringPhysician)],
        [t('study.modality'), study.modalities.join(', ')],
        [
          t('study.contents'),
          [
            t('count.series', { count: study.seriesCount }),
            t('count.instances', { count: study.instanceCount }),
            formatBytes(study.sizeBytes),
          ].join(', '),
        ],
        [t('study.received'), <Ago key="received" iso={study.receivedAt} />],
      ]}
    />
  );
}

export function birthOf(study: StudyDetail): string {
  const age = ageAt(study.patientBirthDate, study.studyDate);
  return [study.patientBirthDate, age !== null && `(${t('age.years', { count: age })})`].filter(Boolean).join(' ');
}
