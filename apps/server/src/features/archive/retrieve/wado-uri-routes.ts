import type { FastifyInstance } from 'fastify';
import type { Archive } from '../archive.ts';

export function wadoUriRoutes(_app: FastifyInstance, _archive: Archive): void {}
