import { useSyncExternalStore } from 'react';
import type { UploadSnapshot } from './item.ts';
import { UploadQueue } from './upload-queue.ts';

/** The one queue of this tab. */
export const uploadQueue = new UploadQueue();

export function useUpload(): UploadSnapshot {
  return useSyncExternalStore(uploadQueue.subscribe, uploadQueue.snapshot);
}

// Leaving the page would cut the running requests off.
window.addEventListener('beforeunload', (event) => {
  if (uploadQueue.snapshot().running) event.preventDefault();
});
