/** Synthetic patients and their images: the demo's, and instances in bulk for tests and measurements. */
export { type DemoStudy, demoStudies } from './patients.ts';
export { type BulkIdentity, type BulkOptions, bulkIdentity, bulkInstances } from './series/bulk.ts';
export { type Instance, type Person, type Series, type Study, studyUid } from './series/study.ts';
export { filesOf, type InstanceWriter, instanceWriter } from './series/write.ts';
export { type StoreDemoOptions, storeDemo } from './store-demo.ts';
