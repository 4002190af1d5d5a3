import type { Checkpoint } from '@isocenter/ledger';
import { leafHash, toBase64 } from '@isocenter/ledger';
import { Button, Skeleton } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { entryOf, type LogEntry, type LogRow, logEntryQuery } from '../api/log.ts';
import { SidePanel } from '../list/side-panel.tsx';
import { copyText } from '../parts/copy-text.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Facts } from '../parts/facts.tsx';
import { ZoneBadge } from '../parts/zone.tsx';
import { formatDateTime, formatNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { EntryChanges } from './entry-changes.tsx';
import { EntryObjects } from './entry-objects.tsx';
import { actorText } from './entry-words.ts';
import { OutcomeSign } from './outcome-sign.tsx';
import { ProofSign } from './proof-sign.tsx';
import classes from './tracer-page.module.css';

interface EntryPreviewProps {
  readonly leaf: number;
  /** The row, where the list has it. */
  readonly row: LogRow | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly onClose: () => void;
}

/** All that an entry says, beside the list; where there is no room, over it. */
export function EntryPreview({ leaf, row, checkpoint, onClose }: EntryPreviewProps) {
  const { data: fetched, error, refetch } = useQuery({ ...logEntryQuery(leaf), enabled: row === undefined });
  const found = row ?? fetched;
  const entry = found && entryOf(found);
  const title = (
    <>
      {found ? (
        <h2>{entry ? t(`tracer.action.${entry.action}`) : t('tracer.unknown')}</h2>
      ) : (
        <Skeleton height={16} width={160} />
      )}
      {entry?.zone && <ZoneBadge zone={entry.zone} />}
    </>
  );
  return (
    <SidePanel title={title} onClose={onClose}>
      {error && !found && <ErrorState error={error} onRetry={() => void refetch()} />}
      {found && (
        <>
          {entry && <EntryFacts entry={entry} />}
          <h3 className={classes.part}>{t('tracer.proof')}</h3>
          <Facts
            facts={[
              [t('tracer.proof.state'), <ProofSign key="proof" row={found} checkpoint={checkpoint} />],
              [t('tracer.leaf'), formatNumber(found.leaf)],
              [
                t('tracer.leafHash'),
                <code key="hash">{toBase64(leafHash(new TextEncoder().encode(found.body)))}</code>,
              ],
            ]}
          />
          <h3 className={classes.part}>{t('tracer.body')}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling region */}
          <section className={classes.body} aria-label={t('tracer.body')} tabIndex={0}>
            <pre>{found.body}</pre>
          </section>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconCopy size={14} aria-hidden />}
            onClick={() => void copyText(found.body)}
          >
            {t('tracer.copy')}
          </Button>
        </>
      )}
    </SidePanel>
  );
}

function EntryFacts({ entry }: { readonly entry: LogEntry }) {
  const { objects, changes, onBehalfOf, tool } = entry;
  return (
    <>
      <Facts
        facts={[
          [t('tracer.time'), formatDateTime(entry.time)],
          [t('tracer.who'), actorText(entry)],
          [t('tracer.behalf'), onBehalfOf && actorText({ ...entry, actor: onBehalfOf })],
          [t('tracer.outcome'), <OutcomeSign key="outcome" outcome={entry.outcome} />],
          [t('tracer.reason'), entry.reason],
          [t('tracer.project'), entry.project],
          [t('tracer.purpose'), entry.purpose],
          [t('tracer.tool'), tool && [tool.name, tool.version].filter(Boolean).join(' ')],
          [t('tracer.began'), entry.began],
          [t('tracer.id'), entry.id],
        ]}
      />
      {objects.length > 0 && <EntryObjects objects={objects} />}
      {changes && changes.length > 0 && <EntryChanges changes={changes} />}
    </>
  );
}
