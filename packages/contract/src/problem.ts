import { z } from 'zod';
import { ErrorCode, type ErrorParams, errors } from './errors.ts';

/** An error on the wire, `application/problem+json` (RFC 9457). */
export const ProblemDocument = z
  .object({
    type: z.string().describe('Names the kind of problem'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What happened this time'),
    code: ErrorCode.describe('The kind of problem, for programs'),
    params: z.record(z.string(), z.unknown()).describe('The facts that the detail is made of'),
    remedy: z.string().describe('What to do about it'),
    requestId: z.string().optional().describe('Quote this when asking for help'),
  })
  .meta({ id: 'Problem' });
export type ProblemDocument = z.infer<typeof ProblemDocument>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Makes the document of one occurrence; parameters that the catalogue does not know are refused. */
export function problemDocument<C extends ErrorCode>(
  code: C,
  params: ErrorParams<C>,
  requestId?: string,
): ProblemDocument {
  const definition: {
    params: z.ZodType;
    text: (params: never) => string;
    status: number;
    title: string;
    remedy: string;
  } = errors[code];
  const known = definition.params.parse(params);
  return {
    type: `urn:isocenter:problem:${code}`,
    title: definition.title,
    status: definition.status,
    detail: definition.text(known as never),
    code,
    params: known as Record<string, unknown>,
    remedy: definition.remedy,
    ...(requestId === undefined ? {} : { requestId }),
  };
}
