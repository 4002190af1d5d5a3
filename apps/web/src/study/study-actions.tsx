import { ActionIcon, Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCopy, IconDots, IconDownload, IconEye, IconLink, IconShieldCheck, IconTrash } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { studyPath, studyZip } from '../api/dicomweb.ts';
import type { StudyDetail } from '../api/studies.ts';
import { copyText } from '../parts/copy-text.ts';
import { useMay } from '../session/use-may.ts';
import { DeleteStudies } from '../studies/delete-studies.tsx';
import { t } from '../text/t.ts';

/** What one does with a study. */
export function StudyActions({ study }: { readonly study: StudyDetail }) {
  const may = useMay();
  const navigate = useNavigate();
  const [deleting, dialog] = useDisclosure(false);
  const uid = study.studyInstanceUid;
  return (
    <>
      <Menu width={240}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('app.more')}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconLink size={16} aria-hidden />}
            onClick={() => void copyText(new URL(studyPath(uid), location.href).href)}
          >
            {t('study.copyUrl')}
          </Menu.Item>
          <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => void copyText(uid)}>
            {t('study.copyUid')}
          </Menu.Item>
          {may('log.read-all') && (
            <Menu.Item
              leftSection={<IconShieldCheck size={16} aria-hidden />}
              onClick={() => void navigate({ to: '/tracer', search: { study: uid } })}
            >
              {t('study.traced')}
            </Menu.Item>
          )}
          {may('study.delete') && (
            <>
              <Menu.Divider />
              <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={dialog.open}>
                {t('studies.delete')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Button
        component="a"
        href={studyZip(uid)}
        download
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {t('study.download')}
      </Button>
      {study.series.some((series) => series.hasPixels) && (
        <Button component={Link} to={`/studies/${uid}/view`} leftSection={<IconEye size={16} aria-hidden />}>
          {t('study.view')}
        </Button>
      )}
      <DeleteStudies
        opened={deleting}
        studies={[study]}
        onClose={dialog.close}
        onDone={() => void navigate({ to: '/studies' })}
      />
    </>
  );
}
