import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconKeyboard, IconSearch, IconStack2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { studiesQuery } from '../api/studies.ts';
import { showsIdentity, zoneWord } from '../parts/zone.tsx';
import { useMay } from '../session/use-may.ts';
import { formatPersonName } from '../text/format.ts';
import { t } from '../text/t.ts';
import { areas } from './areas.ts';
import { openKeyboardHelp } from './keyboard-help.tsx';

const found = 6;

/** ⌘K: go to a page, or find a study by anything that one remembers of it. */
export function Jump() {
  const [query, setQuery] = useState('');
  const [words] = useDebouncedValue(query.trim(), 180);
  // Going somewhere else puts the focus on the page there; closing gives it back.
  const [gone, setGone] = useState(false);
  const navigate = useNavigate();
  const go = (going: Promise<void>) => {
    setGone(true);
    void going;
  };
  const may = useMay();
  const { data } = useQuery({
    ...studiesQuery({ q: words, sort: '-receivedAt', offset: 0, limit: found }),
    enabled: words.length >= 2 && may('study.read'),
  });

  const pages = areas
    .filter((area) => !area.action || may(area.action))
    .filter((area) => matches(t(area.label), query))
    .map((area) => ({
      id: area.path,
      label: t(area.label),
      leftSection: <area.icon size={18} stroke={1.6} aria-hidden />,
      onClick: () => go(navigate({ to: area.path })),
    }));
  const help = matches(t('app.keyboard'), query)
    ? [
        {
          id: 'keyboard',
          label: t('app.keyboard'),
          leftSection: <IconKeyboard size={18} stroke={1.6} aria-hidden />,
          onClick: openKeyboardHelp,
        },
      ]
    : [];
  const studies = (words.length >= 2 ? (data?.items ?? []) : []).map((study) => ({
    id: study.studyInstanceUid,
    label:
      (showsIdentity(study.zone) && formatPersonName(study.patientName)) || study.description || study.studyInstanceUid,
    description: [study.studyDate, study.modalities.join(', '), study.description, zoneWord(study.zone)]
      .filter(Boolean)
      .join(' · '),
    leftSection: <IconStack2 size={18} stroke={1.6} aria-hidden />,
    onClick: () => go(navigate({ to: '/studies/$uid', params: { uid: study.studyInstanceUid } })),
  }));

  const groups: SpotlightActionGroupData[] = [
    { group: t('spotlight.studies'), actions: studies },
    { group: t('spotlight.pages'), actions: pages },
    { group: t('spotlight.actions'), actions: help },
  ].filter((group) => group.actions.length > 0);

  return (
    <Spotlight
      actions={groups}
      query={query}
      onQueryChange={setQuery}
      returnFocus={!gone}
      onSpotlightOpen={() => setGone(false)}
      // The groups are already what matches; the archive knows better than a comparison of labels.
      filter={(_, actions) => actions}
      nothingFound={t('spotlight.empty')}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      scrollable
      maxHeight={420}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      transitionProps={{ duration: 100 }}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.6} aria-hidden />,
        placeholder: t('spotlight.placeholder'),
        'aria-label': t('spotlight.placeholder'),
      }}
    />
  );
}

function matches(label: string, query: string): boolean {
  return label.toLowerCase().includes(query.trim().toLowerCase());
}
