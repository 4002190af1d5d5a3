/** What a magnet sees of a tissue at 3 T. */
export interface MrTissue {
  /** Proton density, 1 = water. */
  readonly pd: number;
  /** ms */
  readonly t1: number;
  readonly t2: number;
  /** 10^-3 mm^2/s */
  readonly adc: number;
  /** Fraction of the signal that fat suppression takes away. */
  readonly fat: number;
  /** Transfer constant, 1/min; extravascular and plasma volume fractions. */
  readonly ktrans: number;
  readonly ve: number;
  readonly vp: number;
  /** Relative change of T2, ADC, proton density and Ktrans per unit of texture. */
  readonly vary?: {
    readonly t2?: number;
    readonly t1?: number;
    readonly adc?: number;
    readonly pd?: number;
    readonly ktrans?: number;
  };
}

/** The signal of one tissue in every channel of an acquisition (times, b-values, …). */
export interface Sequence {
  readonly channels: number;
  signal(tissue: MrTissue): number[];
}

/** A tissue's signal and how its texture changes it (central difference, so that the mean stays). */
export function paintOf(sequence: Sequence, tissue: MrTissue): { base: number[]; gain: number[] } {
  const base = sequence.signal(tissue);
  if (!tissue.vary) return { base, gain: base.map(() => 0) };
  const at = (t: number): MrTissue => {
    const { t2 = 0, t1 = 0, adc = 0, pd = 0, ktrans = 0 } = tissue.vary ?? {};
    return {
      ...tissue,
      t2: tissue.t2 * Math.max(0.1, 1 + t * t2),
      t1: tissue.t1 * Math.max(0.1, 1 + t * t1),
      adc: tissue.adc * Math.max(0, 1 + t * adc),
      pd: tissue.pd * Math.max(0, 1 + t * pd),
      ktrans: tissue.ktrans * Math.max(0, 1 + t * ktrans),
    };
  };
  const up = sequence.signal(at(0.5));
  const down = sequence.signal(at(-0.5));
  return { base, gain: base.map((_, i) => up[i]! - down[i]!) };
}

/** Spin echo and turbo spin echo: PD (1 - e^(-TR/T1)) e^(-TE/T2), times in ms. */
export const spinEcho = (tr: number, te: number): Sequence => ({
  channels: 1,
  signal: (t) => [t.pd * (1 - Math.exp(-tr / t.t1)) * Math.exp(-te / t.t2)],
});

/** Inversion recovery, magnitude: PD |1 - 2 e^(-TI/T1) + e^(-TR/T1)| e^(-TE/T2). */
export const inversionRecovery = (tr: number, te: number, ti: number): Sequence => ({
  channels: 1,
  signal: (t) => [t.pd * Math.abs(1 - 2 * Math.exp(-ti / t.t1) + Math.exp(-tr / t.t1)) * Math.exp(-te / t.t2)],
});

/** Fat-suppressed diffusion-weighted spin echo: S0 e^(-b ADC), b in s/mm^2. */
export const diffusion = (tr: number, te: number, bValues: readonly number[]): Sequence => ({
  channels: bValues.length,
  signal: (t) => {
    const s0 = t.pd * (1 - t.fat) * (1 - Math.exp(-tr / t.t1)) * Math.exp(-te / t.t2);
    return bValues.map((b) => s0 * Math.exp(-b * t.adc * 1e-3));
  },
});

/**
 * Concentration (mmol/l) in plasma after a bolus at time 0 (minutes): the population curve of Parker et al.,
 * Magn Reson Med 2006;56:993, whose amplitude is that of blood, here over 1 - haematocrit.
 */
export function arterialInput(minutes: number): number {
  if (minutes <= 0) return 0;
  const gauss = (a: number, t: number, s: number) =>
    (a / (s * Math.sqrt(2 * Math.PI))) * Math.exp(-((minutes - t) ** 2) / (2 * s * s));
  const tail = (1.05 * Math.exp(-0.1685 * minutes)) / (1 + Math.exp(-38.078 * (minutes - 0.483)));
  return (gauss(0.809, 0.17046, 0.0563) + gauss(0.33, 0.365, 0.132) + tail) / 0.58;
}

export interface PerfusionOptions {
  readonly tr: number;
  readonly flip: number;
  /** Centre of each phase, seconds from the start; the bolus arrives at `arrival`. */
  readonly times: readonly number[];
  readonly arrival: number;
  /** 1/(mmol/l)/s */
  readonly relaxivity?: number;
}

/** Spoiled gradient echo during a bolus, with the extended Tofts model: C = vp Cp + Ktrans (Cp * e^(-kep t)). */
export function perfusion(options: PerfusionOptions): Sequence {
  const { tr, flip, times, arrival, relaxivity = 4.3 } = options;
  const [c, s] = [Math.cos((flip * Math.PI) / 180), Math.sin((flip * Math.PI) / 180)];
  const step = 1 / 120;
  const end = Math.max(...times) / 60 + step;
  const plasma = Array.from({ length: Math.ceil(end / step) + 1 }, (_, i) => arterialInput(i * step - arrival / 60));
  return {
    channels: times.length,
    signal: (tissue) => {
      const kep = tissue.ve > 0 ? tissue.ktrans / tissue.ve : 0;
      const decay = Math.exp(-kep * step);
      let leaked = 0;
      const concentration = plasma.map((cp) => {
        leaked = leaked * decay + tissue.ktrans * cp * step;
        return tissue.vp * cp + leaked;
      });
      return times.map((time) => {
        const i = Math.min(concentration.length - 1, Math.round(time / 60 / step));
        const r1 = 1000 / tissue.t1 + relaxivity * concentration[i]!;
        const e = Math.exp((-tr / 1000) * r1);
        return (tissue.pd * (1 - tissue.fat) * s * (1 - e)) / (1 - c * e);
      });
    },
  };
}
