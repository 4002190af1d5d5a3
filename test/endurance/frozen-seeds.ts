/** Cases that broke the server once: the base's name and the seed that its failure was printed with. They always run. */
export const frozenSeeds: readonly (readonly [name: string, seed: number])[] = [];
