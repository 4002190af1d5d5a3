/** Cases that broke the server once: the base's name and the seed that its failure was printed with. They always run. */
export const frozenSeeds: readonly (readonly [name: string, seed: number])[] = [
  // A SOP Instance UID under the VR of floats: the metadata gave floats.
  ['mr/siemens-ge-nih/20180918GE/mr_0005/axial_epi_fmri_sequential_i_to_s-00063.dcm', 1035260314],
];
