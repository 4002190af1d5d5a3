import type { Action } from '@isocenter/contract';
import {
  IconActivityHeartbeat,
  IconBuildingHospital,
  IconFileText,
  IconFolders,
  IconHome,
  IconListCheck,
  IconShieldCheck,
  IconStack2,
  IconTableOptions,
  IconTopologyStar3,
  IconUpload,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import type { PlainKey } from '../text/t.ts';

/** One entry of the left rail. */
export interface Area {
  readonly path:
    | '/'
    | '/studies'
    | '/upload'
    | '/jobs'
    | '/tracer'
    | '/admin/people'
    | '/admin/organisations'
    | '/admin/projects'
    | '/admin/nodes'
    | '/admin/terms'
    | '/admin/permissions'
    | '/admin/status';
  readonly label: PlainKey;
  readonly icon: TablerIcon;
  /** Shown only to who may do this; everyone sees an area without one. */
  readonly action?: Action;
  /** Areas of a group follow each other; its name stands above the first that one sees. */
  readonly group?: PlainKey;
}

const group = 'area.administration';

/** The rail, top to bottom. An area is listed here from the day that it exists. */
export const areas: readonly Area[] = [
  { path: '/', label: 'area.home', icon: IconHome },
  { path: '/studies', label: 'area.studies', icon: IconStack2, action: 'study.read' },
  { path: '/upload', label: 'area.upload', icon: IconUpload, action: 'instance.store' },
  { path: '/jobs', label: 'area.jobs', icon: IconListCheck, action: 'job.read' },
  { path: '/tracer', label: 'area.tracer', icon: IconShieldCheck, action: 'log.read' },
  { path: '/admin/people', label: 'area.people', icon: IconUsers, action: 'person.read', group },
  {
    path: '/admin/organisations',
    label: 'area.organisations',
    icon: IconBuildingHospital,
    action: 'organisation.read',
    group,
  },
  { path: '/admin/projects', label: 'area.projects', icon: IconFolders, action: 'project.read', group },
  { path: '/admin/nodes', label: 'area.nodes', icon: IconTopologyStar3, action: 'node.read', group },
  { path: '/admin/terms', label: 'area.terms', icon: IconFileText, action: 'person.read', group },
  { path: '/admin/permissions', label: 'area.permissions', icon: IconTableOptions, action: 'person.read', group },
  { path: '/admin/status', label: 'area.status', icon: IconActivityHeartbeat, action: 'status.read', group },
];
