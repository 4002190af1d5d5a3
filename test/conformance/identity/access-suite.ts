import type { TestServer } from '@isocenter/testkit';
import { storeRequest } from '@isocenter/testkit/dicomweb';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeWorld, PERSONAS, type Persona, type SignIn } from './people.ts';
import { requestFor, type Sample } from './requests.ts';
import { sampleFile } from './sample-file.ts';
import { accessTable, type Expected } from './table.ts';

export interface AccessOptions {
  readonly server: Omit<TestServer, 'stop'>;
  readonly provider: 'embedded' | 'external';
  readonly signIn: SignIn;
}

/** Every route of a running server is asked by everyone there is, and must answer exactly what the table says. */
export function accessSuite({ server, provider, signIn }: AccessOptions): void {
  const table = accessTable(provider);

  describe(`with the ${provider} provider`, () => {
    let sample: Sample;

    beforeAll(async () => {
      const world = await makeWorld(server, signIn);
      const { rows } = await server.database.pool.query<{ id: number }>(
        "select id from area where zone = 'landing' and project_id = $1 and site_id = $2",
        [world.ours.id, world.ours.sites.north],
      );
      sample = { world, file: sampleFile(), area: rows[0]!.id };
      await store();
    });

    const store = async (): Promise<void> => {
      const path = `/areas/${sample.area}/dicom-web/studies`;
      const answer = await server.fetch(path, { method: 'POST', ...storeRequest([sample.file.bytes]) });
      expect(answer.status).toBe(200);
    };

    const rowOf = (method: string, url: string): Expected | undefined =>
      table[`${method === 'HEAD' ? 'GET' : method} ${url}`];

    test('[IAM-5] every route has its row, and every row its route', () => {
      const served = new Set(server.routes.map(({ method, url }) => `${method === 'HEAD' ? 'GET' : method} ${url}`));
      expect([...served].filter((route) => !Object.hasOwn(table, route))).toEqual([]);
      expect(Object.keys(table).filter((route) => !served.has(route))).toEqual([]);
    });

    /** What everyone gets; failed attempts are forgotten, so that nobody has to wait for another's. */
    async function statusesOf(method: string, url: string): Promise<Record<Persona, number>> {
      const statuses: Partial<Record<Persona, number>> = {};
      for (const persona of PERSONAS) {
        if (method === 'DELETE' && url.includes('dicom-web')) await store();
        await server.database.pool.query('delete from failed_attempt');
        const { path, init } = requestFor(method, url, sample);
        const answer = await sample.world.ask[persona](path, { ...init, signal: AbortSignal.timeout(20_000) });
        statuses[persona] = answer.status;
        await answer.body?.cancel();
      }
      return statuses as Record<Persona, number>;
    }

    test('[IAM-5, OPS-6] every route answers everyone the status that its row says', { timeout: 600_000 }, async () => {
      const wrong: string[] = [];
      for (const { method, url } of server.routes) {
        // Rows of routes are enough for HEAD of DICOMweb: it is the same handler.
        if (method === 'HEAD' && url.includes('dicom-web')) continue;
        const expected = rowOf(method, url);
        for (const [persona, status] of Object.entries(await statusesOf(method, url)) as [Persona, number][]) {
          const wanted = expected?.[persona];
          if (status !== wanted) wrong.push(`${method} ${url} answers ${persona} ${status} and not ${wanted}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  });
}
