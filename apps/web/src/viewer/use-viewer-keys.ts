import { useWindowEvent } from '@mantine/hooks';
import { type ActionName, actionCommands, toolCommands } from './commands.ts';
import type { ToolName } from './cornerstone/tools.ts';
import type { View } from './cornerstone/view.ts';
import { presetsOf } from './presets.ts';

interface ViewerKeyHandlers {
  readonly view: View | null;
  readonly onTool: (tool: ToolName) => void;
  readonly onAction: (action: ActionName) => void;
  readonly onSeries: (by: number) => void;
  readonly onPane: () => void;
  readonly onText: () => void;
  readonly onStrip: () => void;
  readonly onFullscreen: () => void;
  readonly onKeys: () => void;
}

/** Images that PgUp and PgDn jump over. */
const page = 10;

/** The keys of the viewer; they work wherever the focus is, except in fields, menus and dialogs. */
export function useViewerKeys(handlers: ViewerKeyHandlers): void {
  useWindowEvent('keydown', (event) => {
    // Not asked: whether the default was prevented. Cornerstone does that with every key on a viewport.
    if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
    const act = actionOf(event.key.length === 1 ? event.key.toLowerCase() : event.key, handlers);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actionOf(key: string, handlers: ViewerKeyHandlers): (() => unknown) | undefined {
  const tool = toolCommands.find((command) => command.key === key);
  if (tool) return () => handlers.onTool(tool.name);
  const action = actionCommands.find((command) => command.key === key);
  if (action) return () => handlers.onAction(action.name);
  return pageActionOf(key, handlers) ?? (handlers.view ? viewActionOf(key, handlers.view) : undefined);
}

function pageActionOf(key: string, handlers: ViewerKeyHandlers): (() => void) | undefined {
  switch (key) {
    case ']':
      return () => handlers.onSeries(1);
    case '[':
      return () => handlers.onSeries(-1);
    case 'n':
      return handlers.onPane;
    case 'o':
      return handlers.onText;
    case 't':
      return handlers.onStrip;
    case '?':
      return handlers.onKeys;
    default:
      return undefined;
  }
}

function viewActionOf(key: string, view: View): (() => void) | undefined {
  const { index } = view.state();
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return () => view.goTo(index + 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return () => view.goTo(index - 1);
    case 'PageDown':
      return () => view.goTo(index + page);
    case 'PageUp':
      return () => view.goTo(index - page);
    case 'Home':
      return () => view.goTo(0);
    case 'End':
      return () => view.goTo(Number.MAX_SAFE_INTEGER);
    case '+':
    case '=':
      return () => view.zoomBy(1.2);
    case '-':
      return () => view.zoomBy(1 / 1.2);
    case 'f':
      return () => view.setAutoWindow();
    default:
      return presetActionOf(key, view);
  }
}

function presetActionOf(key: string, view: View): (() => void) | undefined {
  if (!/^[1-9]$/.test(key)) return undefined;
  const image = view.image();
  const preset = image && presetsOf(image.header)[Number(key) - 1];
  return preset ? () => view.setWindow(preset.center, preset.width) : undefined;
}

function isElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"][aria-modal="true"]')) return true;
  return (
    target instanceof HTMLElement &&
    target.closest(
      'input, textarea, select, [contenteditable], [role="menu"], [role="dialog"], [role="radiogroup"]',
    ) !== null
  );
}
