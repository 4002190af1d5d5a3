import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  describeNotification,
  ERROR_CODES,
  type Event,
  endpoints,
  errors,
  maySee,
  ProblemDocument,
  parseEvent,
  permissions,
  problemDocument,
  type Rights,
  renderErrors,
  renderEvents,
  renderPermissions,
  StudyQuery,
} from './index.ts';

test('[OPS-6] every operation has its own name, address and a known right, and describes its parameters', () => {
  const addresses = new Set<string>();
  for (const [name, definition] of Object.entries(endpoints)) {
    expect(definition.name).toBe(name);
    addresses.add(`${definition.method} ${definition.path}`);
    expect(permissions).toHaveProperty([definition.action]);
    const inPath = [...definition.path.matchAll(/\{(\w+)\}/g)].map(([, param]) => param);
    expect(Object.keys('params' in definition ? definition.params.shape : {})).toEqual(inPath);
  }
  expect(addresses.size).toBe(Object.keys(endpoints).length);
});

test('[OPS-6] every error says what happened and what to do, and refuses parameters that it does not know', () => {
  for (const code of ERROR_CODES) {
    const params = sampleOf(z.toJSONSchema(errors[code].params));
    const document = problemDocument(code, params as never, 'request-1');
    expect(ProblemDocument.parse(document)).toEqual(document);
    expect(document).toMatchObject({ code, requestId: 'request-1', type: `urn:isocenter:problem:${code}` });
    expect(document.detail).toMatch(/^[A-Z].*|^\w+\.\w+: /);
    expect(document.detail).not.toMatch(/undefined|\[object/);
    expect(document.remedy).toMatch(/\.$/);
    expect(() => problemDocument(code, { ...(params as object), patientName: 'DOE' } as never)).toThrow();
  }
  expect(problemDocument('payload-too-large', { limitBytes: 1 }).detail).toBe('At most 1 byte are allowed here.');
});

/** A value that a JSON Schema allows. */
function sampleOf(schema: z.core.JSONSchema.BaseSchema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, inner]) => [
          name,
          sampleOf(inner as z.core.JSONSchema.BaseSchema),
        ]),
      );
    case 'array':
      return [sampleOf(schema.items as z.core.JSONSchema.BaseSchema)];
    case 'integer':
    case 'number':
      return 3;
    default:
      return 'Sample';
  }
}

test('[OPS-4] an event is parsed, and seen by who may see it', () => {
  const landing = parseEvent('study.changed', {
    studyUid: '1.2',
    zone: 'landing',
    project: null,
    site: null,
    change: 'stored',
  }) as Event;
  const administrator: Rights = { holdings: [{ role: 'administrator', project: null, site: null }] };
  const collector: Rights = { holdings: [{ role: 'data-collector', project: null, site: null }] };
  expect(maySee(administrator, landing)).toBe(true);
  expect(maySee(collector, landing)).toBe(false);
  expect(maySee({ holdings: [] }, landing)).toBe(false);
  const id = '00000000-0000-4000-8000-000000000000';
  const notification = parseEvent('notification.created', { id, role: 'administrator' }) as Event;
  expect(maySee(administrator, notification)).toBe(true);
  expect(maySee(collector, notification)).toBe(false);
  expect(parseEvent('study.changed', { studyUid: '1.2' })).toBeUndefined();
  expect(parseEvent('of.the.future', {})).toBeUndefined();
  expect(parseEvent('toString', {})).toBeUndefined();
});

test('[ARCH-1] a study query takes one or many of what may repeat, and refuses what it does not know', () => {
  expect(StudyQuery.parse({})).toEqual({ modality: [], zone: [], sort: '-receivedAt', offset: 0, limit: 50 });
  expect(StudyQuery.parse({ modality: 'CT', zone: ['landing', 'staging'], limit: '200' })).toMatchObject({
    modality: ['CT'],
    zone: ['landing', 'staging'],
    limit: 200,
  });
  for (const wrong of [
    { limit: '201' },
    { limit: '' },
    { zone: 'attic' },
    { sort: 'patient' },
    { studyDateFrom: '20260101' },
    { x: '1' },
  ]) {
    expect([wrong, StudyQuery.safeParse(wrong).success]).toEqual([wrong, false]);
  }
});

test('[OPS-4] a notification reads by its kind, and parameters of another shape are refused', () => {
  const jobId = '00000000-0000-4000-8000-000000000000';
  expect(describeNotification('job.done', { jobId, title: 'Tidy up' })).toEqual({
    level: 'success',
    text: 'Tidy up: done',
    href: `/jobs/${jobId}`,
  });
  expect(() => describeNotification('job.failed', { jobId })).toThrow();
});

test('[OPS-4] the reference names every error, right and event', () => {
  for (const code of ERROR_CODES) expect(renderErrors()).toContain(`| \`${code}\` | ${errors[code].status} |`);
  for (const action of Object.keys(permissions)) expect(renderPermissions()).toContain(`| \`${action}\` |`);
  expect(renderEvents()).toContain('| `job.changed` |');
});
