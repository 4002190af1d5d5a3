import type { FastifyInstance } from 'fastify';
import type { Archive } from '../archive.ts';

export function thumbnailRoutes(_app: FastifyInstance, _archive: Archive): void {}
