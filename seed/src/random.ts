/** Reproducible randomness: everything in the demo follows from a word, so that two runs make the same bytes. */

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  between(low: number, high: number): number;
  integer(low: number, high: number): number;
  pick<T>(choices: readonly T[]): T;
  /** Standard normal. */
  normal(): number;
  /** An independent stream that depends only on this stream's seed and the name. */
  fork(name: string): Random;
}

/** FNV-1a, 32 bits. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A sfc32 generator seeded from a word. */
export function randomOf(seed: string): Random {
  let a = hash32(`${seed}/a`) | 0;
  let b = hash32(`${seed}/b`) | 0;
  let c = hash32(`${seed}/c`) | 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 0x1_0000_0000;
  };
  for (let i = 0; i < 12; i++) next();
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    integer,
    between: (low, high) => low + (high - low) * next(),
    pick: (choices) => choices[integer(0, choices.length - 1)]!,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (name) => randomOf(`${seed}/${name}`),
  };
}

const normals = ((): Float32Array => {
  const random = randomOf('normals');
  return Float32Array.from({ length: 1 << 16 }, () => random.normal());
})();

/** Fills with standard normal noise, quickly: a xorshift walk over a table of normal deviates. */
export function fillNormal(target: Float32Array, seed: string): void {
  let state = hash32(seed) | 1;
  for (let i = 0; i < target.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    target[i] = normals[(state >>> 8) & 0xffff]!;
  }
}
