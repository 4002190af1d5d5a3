export { measureRequests, serveMetrics } from './http-metrics.ts';
export { createMetrics, diskOf, type Metrics, measureProcess, type Reading } from './metrics.ts';
export { measureStorage } from './storage-metrics.ts';
