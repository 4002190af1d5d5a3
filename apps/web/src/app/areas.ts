import type { Action } from '@isocenter/contract';
import {
  IconActivityHeartbeat,
  IconHome,
  IconListCheck,
  IconShieldCheck,
  IconStack2,
  IconUpload,
  type TablerIcon,
} from '@tabler/icons-react';
import type { PlainKey } from '../text/t.ts';

/** One entry of the left rail. */
export interface Area {
  readonly path: '/' | '/studies' | '/upload' | '/jobs' | '/tracer' | '/admin/status';
  readonly label: PlainKey;
  readonly icon: TablerIcon;
  /** Shown only to who may do this; everyone sees an area without one. */
  readonly action?: Action;
  readonly group?: PlainKey;
}

/** The rail, top to bottom. An area is listed here from the day that it exists. */
export const areas: readonly Area[] = [
  { path: '/', label: 'area.home', icon: IconHome },
  { path: '/studies', label: 'area.studies', icon: IconStack2, action: 'study.read' },
  { path: '/upload', label: 'area.upload', icon: IconUpload, action: 'instance.store' },
  { path: '/jobs', label: 'area.jobs', icon: IconListCheck, action: 'job.read' },
  { path: '/tracer', label: 'area.tracer', icon: IconShieldCheck, action: 'log.read' },
  {
    path: '/admin/status',
    label: 'area.status',
    icon: IconActivityHeartbeat,
    action: 'status.read',
    group: 'area.administration',
  },
];
