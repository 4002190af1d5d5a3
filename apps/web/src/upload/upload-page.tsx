import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/session.ts';
import { Page, Panel } from '../parts/page.tsx';
import { t } from '../text/t.ts';
import { AreaChoice } from './area-choice.tsx';
import { DropArea } from './drop-area.tsx';
import { Outcomes } from './outcomes.tsx';
import { useUpload } from './upload.ts';
import classes from './upload-page.module.css';
import { UploadProgress } from './upload-progress.tsx';

/** Brings files into the archive: drop, watch, see what became of each. */
export function UploadPage() {
  const upload = useUpload();
  const { data: me } = useQuery(meQuery);
  const somewhere = (me?.storeAreas.length ?? 0) > 0;
  const started = upload.items.length > 0 || upload.collecting;
  return (
    <Page title={t('upload.title')} fill={started}>
      <AreaChoice />
      {(somewhere || started) && <DropArea small={started} />}
      {started && (
        <Panel className={classes.panel}>
          <UploadProgress upload={upload} />
          <Outcomes upload={upload} />
        </Panel>
      )}
    </Page>
  );
}
