import {
  type EndpointDefinition,
  type ErrorCode,
  errors,
  PROBLEM_MEDIA_TYPE,
  ProblemDocument,
  permissions,
} from '@isocenter/contract';
import type { z } from 'zod';
import { asJsonSchema, type Json } from './json-schema.ts';
import type { Route } from './route-table.ts';

/** Describes the served routes as OpenAPI 3.1, whose schemas are JSON Schema 2020-12. */
export function describeApi(routes: readonly Route[], version: string): Json {
  const components: Json = {};
  const problem = asJsonSchema(ProblemDocument, 'output', components);
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    if (route.schema?.hide || route.method === 'HEAD' || route.method === 'OPTIONS') continue;
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = describeOperation(route, problem, components);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Isocenter', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { session: [] }],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'isocenter_session' },
      },
    },
  };
}

function describeOperation(route: Route, problem: Json, components: Json): Json {
  const open = permissions[route.action].grant === 'public';
  const described = route.definition ? describeEndpoint(route.definition, components) : describeRaw(route);
  const codes: ErrorCode[] = [
    'invalid-request',
    ...(open ? [] : (['not-authenticated', 'not-allowed'] as const)),
    ...(route.definition?.errors ?? []),
    'internal',
  ];
  return {
    ...described,
    responses: { ...describeErrors(codes, problem), ...described.responses },
    ...(open ? { security: [] } : {}),
    'x-action': route.action,
  };
}

interface Operation extends Json {
  readonly responses: Json;
}

function describeEndpoint(definition: EndpointDefinition, components: Json): Operation {
  const { name, summary, description, tag, params, query, body, response } = definition;
  const status = definition.status ?? (response ? 200 : 204);
  return {
    operationId: name,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    parameters: [
      ...describeParameters('path', params && asJsonSchema(params, 'input', components)),
      ...describeParameters('query', query && asJsonSchema(query, 'input', components)),
    ],
    ...(body ? { requestBody: { required: true, content: json(body, 'input', components) } } : {}),
    responses: Object.fromEntries(
      [status, ...(definition.otherStatuses ?? [])].map((each) => [
        each,
        { description: summary, ...(response ? { content: json(response, 'output', components) } : {}) },
      ]),
    ),
  };
}

const json = (schema: z.ZodType, io: 'input' | 'output', components: Json): Json => ({
  'application/json': { schema: asJsonSchema(schema, io, components) },
});

/** Raw routes (DICOMweb) describe themselves in Fastify's words. */
function describeRaw({ schema = {}, method, url }: Route): Operation {
  const {
    summary = `${method} ${url}`,
    description,
    tags,
    operationId,
    params,
    querystring,
    consumes,
    response,
  } = schema;
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    ...(operationId === undefined ? {} : { operationId }),
    ...(tags === undefined ? {} : { tags }),
    parameters: [
      ...describeParameters('path', params ?? pathParameters(url)),
      ...describeParameters('query', querystring),
    ],
    ...(consumes ? { requestBody: { content: Object.fromEntries(consumes.map((type) => [type, {}])) } } : {}),
    responses: (response as Json | undefined) ?? { 200: { description: summary } },
  };
}

function pathParameters(url: string): Json {
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  return { properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };
}

function describeParameters(place: 'path' | 'query', schema: unknown): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...value }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: value,
  }));
}

function describeErrors(codes: readonly ErrorCode[], problem: Json): Json {
  const byStatus = Map.groupBy(new Set(codes), (code) => errors[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      status,
      {
        description: found.map((code) => `\`${code}\`: ${errors[code].title}`).join('; '),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } },
      },
    ]),
  );
}
