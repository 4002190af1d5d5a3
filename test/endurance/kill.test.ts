import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Seeded } from '@isocenter/dicom/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { Delivery } from './delivery.ts';
import { expectAllOnce, expectNothingElse, settle } from './expectations.ts';
import { SupervisedArchive, VICTIMS, type Victim } from './supervised-archive.ts';
import { syntheticInstances } from './synthetic-instances.ts';

/*
 * kill -9 at random moments while instances are sent, and what is there afterwards.
 *
 * By default a short form: 300 instances, 3 kills. ISOCENTER_ENDURANCE=full npm test -- endurance/kill is the whole one:
 * 2,000 instances, 10 kills. Each run has a new seed, which it prints; ISOCENTER_ENDURANCE_SEED=… gives the same victims
 * at about the same moments again.
 */
const FULL = process.env.ISOCENTER_ENDURANCE === 'full';
const [INSTANCES, KILLS] = FULL ? [2000, 10] : [300, 3];
const SEED = Number(process.env.ISOCENTER_ENDURANCE_SEED ?? randomInt(2 ** 31));

interface Kill {
  readonly victim: Victim;
  /** Acknowledged instances after which it comes, and how much later, ms. */
  readonly after: number;
  readonly later: number;
}

/** Kills spread over the whole sending, each of them at a random moment. */
function plan(random: Seeded): Kill[] {
  const share = INSTANCES / (KILLS + 1);
  const first = random.below(VICTIMS.length);
  return Array.from({ length: KILLS }, (_, i) => ({
    victim: VICTIMS[(first + i) % VICTIMS.length]!,
    after: Math.floor(share * (i + random.below(1000) / 1000)),
    later: random.below(150),
  }));
}

describe(`kill -9 while ${INSTANCES} instances are stored, ${KILLS} times over`, () => {
  let archive: SupervisedArchive;
  afterEach(() => archive?.stop());

  test('[ARCH-3] [ARCH-4] loses nothing acknowledged, has nothing twice, and leaves nothing behind', {
    timeout: FULL ? 1_200_000 : 300_000,
  }, async () => {
    console.log(`ISOCENTER_ENDURANCE_SEED=${SEED}`);
    const random = new Seeded(SEED);
    const instances = syntheticInstances(INSTANCES, SEED);
    archive = await SupervisedArchive.start();
    const delivery = new Delivery(archive, instances, { connections: 4, batch: 12, seed: SEED });
    const delivering = delivery.run();
    const killing = (async () => {
      for (const kill of plan(random)) await carryOut(kill, archive, delivery);
    })();
    await Promise.all([delivering, killing]);
    console.log(`answers: ${JSON.stringify(Object.fromEntries(delivery.answers))}; ${archive.starts} starts`);

    expect(delivery.acknowledged.size).toBe(INSTANCES);
    await settle(archive);
    await expectAllOnce(archive, instances);
    await expectNothingElse(archive, instances);
  });
});

async function carryOut({ victim, after, later }: Kill, archive: SupervisedArchive, delivery: Delivery): Promise<void> {
  await archive.untilReady();
  // Not before the archive has taken more after the kill before.
  const enough = Math.min(INSTANCES, Math.max(after, delivery.acknowledged.size + 1));
  await delivery.until(() => delivery.acknowledged.size >= enough);
  await pause(later);
  console.log(`kill -9 ${victim} with ${delivery.acknowledged.size} acknowledged`);
  await archive.kill(victim);
}
