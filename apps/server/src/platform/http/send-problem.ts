import { PROBLEM_MEDIA_TYPE } from '@isocenter/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from './problem.ts';

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers({ ...problem.headers, 'cache-control': 'no-store', 'x-request-id': request.id })
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problem.document(request.id)));
}
