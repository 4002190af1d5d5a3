import { AreaId, Zone } from '@isocenter/contract';
import type { FastifyRequest } from 'fastify';
import { originOf, Problem } from '../../platform/http/index.ts';
import type { Area } from '../directory/index.ts';
import type { Archive } from './archive.ts';

/** The part of the archive that a request looks at. */
export interface View {
  /** Those in which the caller may do the route's action. Of what stands in several, the one furthest along counts. */
  readonly areas: readonly Area[];
  /** Their ids, for queries. */
  readonly ids: readonly number[];
  /** Absolute address of the DICOMweb service, without a slash at its end. */
  readonly base: string;
}

interface Place {
  readonly zone?: string;
  readonly area?: string;
}

/**
 * `/dicom-web` is all that the caller may see, `/zones/{zone}/dicom-web` one zone of it, `/areas/{area}/dicom-web` one
 * area. Zones and areas that one has no right to do not exist.
 */
export function viewOf(request: FastifyRequest, archive: Archive): View {
  const origin = archive.publicUrl ?? originOf(request);
  const { zone, area } = request.params as Place;
  if (area !== undefined) return { ...oneArea(request, archive, area), base: `${origin}/areas/${area}/dicom-web` };
  if (zone !== undefined) return { ...oneZone(request, archive, zone), base: `${origin}/zones/${zone}/dicom-web` };
  return { ...archive.areas.allowed(request.caller, actionOf(request)), base: `${origin}/dicom-web` };
}

function oneZone(request: FastifyRequest, archive: Archive, text: string): Omit<View, 'base'> {
  const zone = Zone.safeParse(text);
  const allowed = zone.success && archive.areas.allowed(request.caller, actionOf(request), zone.data);
  if (!allowed || allowed.ids.length === 0) throw new Problem('not-found', { what: 'zone' });
  return allowed;
}

function oneArea(request: FastifyRequest, archive: Archive, text: string): Omit<View, 'base'> {
  const id = AreaId.safeParse(Number(text));
  const area = archive.areas.allowed(request.caller, actionOf(request)).areas.find((each) => each.id === id.data);
  if (area === undefined) throw new Problem('not-found', { what: 'area' });
  return { areas: [area], ids: [area.id] };
}

/** The area that takes what is stored through a view: the only one that the caller may store in, else the one named. */
export function storeAreaOf(request: FastifyRequest, archive: Archive, view: View): Area {
  const { zone = archive.storeZone, area } = request.params as Place;
  if (area !== undefined) return view.areas[0]!;
  const possible = view.areas.filter((each) => each.zone === zone);
  const unassigned = possible.find((each) => each.project === null);
  if (unassigned !== undefined) return unassigned;
  const [only, ...others] = possible;
  if (only === undefined) throw new Problem('not-found', { what: 'zone' });
  if (others.length > 0) throw new Problem('which-area', { areas: possible.map(({ id }) => id) });
  return only;
}

function actionOf(request: FastifyRequest) {
  const { action } = request.routeOptions.config;
  if (action === undefined) throw new Error('The route names no action');
  return action;
}
