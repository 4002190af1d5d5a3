import {
  IconAngle,
  IconArrowsMove,
  IconBrightnessHalf,
  IconCircleDashed,
  IconContrast2,
  IconEraser,
  IconFlipHorizontal,
  IconFlipVertical,
  IconPlayerPlay,
  IconRefresh,
  IconRotateClockwise,
  IconRuler2,
  IconStack3,
  IconZoomIn,
  type TablerIcon,
} from '@tabler/icons-react';
import type { PlainKey } from '../text/t.ts';
import type { ToolName } from './cornerstone/tools.ts';

interface Command<Name extends string> {
  readonly name: Name;
  readonly label: PlainKey;
  readonly key: string;
  readonly icon: TablerIcon;
}

/** What the left button can do. */
export const toolCommands: readonly Command<ToolName>[] = [
  { name: 'window', label: 'viewer.tool.window', key: 'w', icon: IconBrightnessHalf },
  { name: 'zoom', label: 'viewer.tool.zoom', key: 'z', icon: IconZoomIn },
  { name: 'pan', label: 'viewer.tool.pan', key: 'p', icon: IconArrowsMove },
  { name: 'scroll', label: 'viewer.tool.scroll', key: 's', icon: IconStack3 },
  { name: 'length', label: 'viewer.tool.length', key: 'l', icon: IconRuler2 },
  { name: 'angle', label: 'viewer.tool.angle', key: 'a', icon: IconAngle },
  { name: 'ellipse', label: 'viewer.tool.ellipse', key: 'e', icon: IconCircleDashed },
];

export type ActionName = 'invert' | 'rotate' | 'flipHorizontal' | 'flipVertical' | 'reset' | 'cine' | 'clear';

/** What is done at once to the active viewport. */
export const actionCommands: readonly Command<ActionName>[] = [
  { name: 'invert', label: 'viewer.action.invert', key: 'i', icon: IconContrast2 },
  { name: 'rotate', label: 'viewer.action.rotate', key: 'r', icon: IconRotateClockwise },
  { name: 'flipHorizontal', label: 'viewer.action.flipHorizontal', key: 'h', icon: IconFlipHorizontal },
  { name: 'flipVertical', label: 'viewer.action.flipVertical', key: 'v', icon: IconFlipVertical },
  { name: 'reset', label: 'viewer.action.reset', key: '0', icon: IconRefresh },
  { name: 'cine', label: 'viewer.action.cine', key: 'c', icon: IconPlayerPlay },
  { name: 'clear', label: 'viewer.action.clear', key: 'x', icon: IconEraser },
];
