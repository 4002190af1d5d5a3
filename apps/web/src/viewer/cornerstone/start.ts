import { cache, Enums, imageRetrievalPoolManager, init as initCore } from '@cornerstonejs/core';
import { init as initLoader } from '@cornerstonejs/dicom-image-loader';
import { init as initTools } from '@cornerstonejs/tools';
import { isTold } from './failures.ts';
import { addRenderedFallback } from './rendered-fallback.ts';
import { createToolGroup } from './tools.ts';

/** Decoded images kept in memory, bytes. */
export const cacheBytes = 1_500_000_000;

let started: Promise<void> | undefined;

/** Brings Cornerstone up, once for the life of the page. */
export function startCornerstone(): Promise<void> {
  started ??= start();
  return started;
}

async function start(): Promise<void> {
  window.addEventListener('unhandledrejection', (event) => {
    if (isTold(event.reason)) event.preventDefault();
  });
  initCore();
  initLoader({ maxWebWorkers: Math.max(1, Math.min(4, Math.floor(navigator.hardwareConcurrency / 2))) });
  addRenderedFallback();
  initTools();
  createToolGroup();
  cache.setMaxCacheSize(cacheBytes);
  // Browsers open six HTTP/1.1 connections to a host: what one looks at must find a free one.
  imageRetrievalPoolManager.setMaxSimultaneousRequests(Enums.RequestType.Prefetch, 3);
  imageRetrievalPoolManager.setMaxSimultaneousRequests(Enums.RequestType.Interaction, 6);
}
