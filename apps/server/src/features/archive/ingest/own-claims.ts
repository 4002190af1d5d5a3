import type { Sha256 } from '@isocenter/contract';
import type { Pool } from 'pg';
import { abandonClaims, beginClaims, type Claim, newClaim } from './claim-store.ts';
import type { Claimant } from './claimant.ts';

/**
 * The claims of this process. One that can't be given up, because the database is away, is given up when it is back:
 * else the cleaner would respect it for as long as the process lives.
 */
export class OwnClaims {
  private readonly pool: Pool;
  private readonly claimant: Pick<Claimant, 'number' | 'onReconnected'>;
  private late: Claim[] = [];

  constructor(pool: Pool, claimant: Pick<Claimant, 'number' | 'onReconnected'>) {
    this.pool = pool;
    this.claimant = claimant;
    claimant.onReconnected.add(() => this.abandonLate());
  }

  async begin(objects: readonly Sha256[]): Promise<readonly Claim[]> {
    if (this.late.length > 0) await this.abandonLate();
    const claims = objects.map(newClaim);
    try {
      await beginClaims(this.pool, this.claimant.number, claims);
    } catch (error) {
      // The database may have written them, and only its answer got lost.
      this.late.push(...claims);
      throw error;
    }
    return claims;
  }

  /** Leaves the object to the cleaner, which keeps it when something refers to it; now, or as soon as that is possible. */
  async abandon(claim: Claim): Promise<void> {
    this.late.push(claim);
    await this.abandonLate();
  }

  private async abandonLate(): Promise<void> {
    const claims = this.late;
    this.late = [];
    try {
      await abandonClaims(this.pool, claims);
    } catch {
      this.late.push(...claims);
    }
  }
}
