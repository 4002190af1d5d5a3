import type { EndpointDefinition, EndpointInput, EndpointResult, FieldProblem } from '@isocenter/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Problem } from './problem.ts';

export interface EndpointContext {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export type EndpointHandler<D extends EndpointDefinition> = (
  input: EndpointInput<D>,
  context: EndpointContext,
) => Promise<EndpointResult<D>> | EndpointResult<D>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by {@link endpoint}. */
    definition?: EndpointDefinition;
  }
}

/**
 * Serves one operation of the contract: what comes in and what goes out are parsed by its schemas. The handler may set
 * another status on the reply.
 */
export function endpoint<D extends EndpointDefinition>(
  app: FastifyInstance,
  definition: D,
  handler: EndpointHandler<D>,
): void {
  const { response, status = response === undefined ? 204 : 200 } = definition;
  app.route({
    method: definition.method,
    url: definition.path.replace(/\{(\w+)\}/g, ':$1'),
    config: { action: definition.action, definition },
    handler: async (request, reply) => {
      const input = parseInput(definition, request);
      reply.code(status);
      const result = await handler(input, { request, reply });
      return reply.send(response?.parse(result));
    },
  });
}

function parseInput<D extends EndpointDefinition>(definition: D, request: FastifyRequest): EndpointInput<D> {
  const fields: FieldProblem[] = [];
  const parsed: Record<string, unknown> = {};
  for (const part of ['params', 'query', 'body'] as const) {
    const schema = definition[part];
    if (schema === undefined) continue;
    const result = schema.safeParse(request[part]);
    if (result.success) parsed[part] = result.data;
    else fields.push(...result.error.issues.flatMap((issue) => fieldProblems(part, issue)));
  }
  if (fields.length > 0) throw new Problem('invalid-request', { fields });
  return { params: undefined, query: undefined, body: undefined, ...parsed } as EndpointInput<D>;
}

/** Names the field and what is wrong with it, never its value: that may be a patient's. */
function fieldProblems(part: string, issue: z.core.$ZodIssue): FieldProblem[] {
  const at = (path: readonly PropertyKey[]): string => [part, ...path].map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: at([...issue.path, key]), problem: 'is not known here' }));
  }
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.at(-1)?.[0];
    if (branch !== undefined) return fieldProblems(at(issue.path), branch);
  }
  return [{ field: at(issue.path), problem: issue.message }];
}
