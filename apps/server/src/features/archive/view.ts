import { Zone } from '@isocenter/contract';
import type { FastifyRequest } from 'fastify';
import { demand, originOf, Problem } from '../../platform/http/index.ts';
import type { Archive } from './archive.ts';

/** The part of the archive that a request looks at. */
export interface View {
  /** What the caller may see here. A later zone shadows an earlier one. */
  readonly zones: readonly Zone[];
  /** Where instances go that are stored through this view. */
  readonly storeZone: Zone;
  /** Absolute address of the DICOMweb service, without a slash at its end. */
  readonly base: string;
}

/** `/dicom-web` is all that the caller may see, `/zones/{zone}/dicom-web` one zone. Zones one has no right to do not exist. */
export function viewOf(request: FastifyRequest, archive: Archive): View {
  const origin = archive.publicUrl ?? originOf(request);
  const { zone } = request.params as { zone?: string };
  if (zone === undefined) {
    const zones = archive.zones.filter((each) => request.caller.zones.includes(each));
    if (zones.length === 0) throw new Problem('not-found', { what: 'zone' });
    return { zones, storeZone: archive.storeZone, base: `${origin}/dicom-web` };
  }
  const named = Zone.safeParse(zone);
  if (!named.success || !archive.zones.includes(named.data)) throw new Problem('not-found', { what: 'zone' });
  demand(request, { zone: named.data }, 'zone');
  return { zones: [named.data], storeZone: named.data, base: `${origin}/zones/${zone}/dicom-web` };
}

/** The zone that takes what is stored through a view; refused when the caller has no right to it. */
export function storeZoneOf(request: FastifyRequest, view: View): Zone {
  demand(request, { zone: view.storeZone }, 'zone');
  return view.storeZone;
}
