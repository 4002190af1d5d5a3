import {
  AngleTool,
  addTool,
  annotation,
  EllipticalROITool,
  Enums,
  LengthTool,
  PanTool,
  StackScrollTool,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools';

/** What the left button (or one finger) does. */
export const toolNames = ['window', 'pan', 'zoom', 'scroll', 'length', 'angle', 'ellipse'] as const;
export type ToolName = (typeof toolNames)[number];

const classes = {
  window: WindowLevelTool,
  pan: PanTool,
  zoom: ZoomTool,
  scroll: StackScrollTool,
  length: LengthTool,
  angle: AngleTool,
  ellipse: EllipticalROITool,
} as const;

const measuring: readonly ToolName[] = ['length', 'angle', 'ellipse'];
const groupId = 'viewer';
const { MouseBindings } = Enums;

/** Bindings that stay whatever tool is chosen: middle button pans, right zooms, two fingers pan, the wheel scrolls. */
const fixed: Partial<Record<ToolName, { mouseButton?: number; numTouchPoints?: number }[]>> = {
  pan: [{ mouseButton: MouseBindings.Auxiliary }, { numTouchPoints: 2 }],
  zoom: [{ mouseButton: MouseBindings.Secondary }],
  scroll: [{ mouseButton: MouseBindings.Wheel }],
};

const measurementStyle = {
  color: 'rgb(86, 214, 224)',
  colorHighlighted: 'rgb(255, 214, 102)',
  colorSelected: 'rgb(255, 214, 102)',
  lineWidth: '1.5',
  textBoxFontFamily: 'system-ui, sans-serif',
  textBoxFontSize: '13px',
  textBoxColor: 'rgb(86, 214, 224)',
  textBoxColorHighlighted: 'rgb(255, 214, 102)',
  textBoxColorSelected: 'rgb(255, 214, 102)',
  textBoxBackground: 'rgba(0, 0, 0, 0.55)',
};

export function createToolGroup(): void {
  for (const tool of Object.values(classes)) addTool(tool);
  const group = ToolGroupManager.createToolGroup(groupId);
  if (!group) return;
  for (const tool of Object.values(classes)) group.addTool(tool.toolName);
  const { style } = annotation.config;
  const defaults = style.getDefaultToolStyles();
  style.setDefaultToolStyles({ ...defaults, global: { ...defaults.global, ...measurementStyle } });
  chooseTool('window');
}

/** Gives the left button to a tool. */
export function chooseTool(chosen: ToolName): void {
  const group = ToolGroupManager.getToolGroup(groupId);
  if (!group) return;
  for (const name of toolNames) {
    const bindings = [
      ...(name === chosen ? [{ mouseButton: MouseBindings.Primary }, { numTouchPoints: 1 }] : []),
      ...(fixed[name] ?? []),
    ];
    const tool = classes[name].toolName;
    // Leaving a binding away doesn't remove it: the tool must be made passive in between.
    group.setToolPassive(tool, { removeAllBindings: true });
    if (bindings.length > 0) group.setToolActive(tool, { bindings });
    else if (!measuring.includes(name)) group.setToolDisabled(tool);
  }
}

export function joinToolGroup(viewportId: string, renderingEngineId: string): void {
  ToolGroupManager.getToolGroup(groupId)?.addViewport(viewportId, renderingEngineId);
}

export function leaveToolGroup(viewportId: string, renderingEngineId: string): void {
  ToolGroupManager.getToolGroup(groupId)?.removeViewports(renderingEngineId, viewportId);
}

/** Takes every measurement off, everywhere. They are kept in this tab only. */
export function removeMeasurements(): void {
  annotation.state.removeAllAnnotations();
}
