import classes from './modality-tags.module.css';

/** Modalities as the small labels that they are on films. */
export function ModalityTags({ modalities }: { readonly modalities: readonly string[] }) {
  return (
    <span className={classes.tags}>
      {modalities.map((modality) => (
        <span key={modality} className={classes.tag}>
          {modality}
        </span>
      ))}
    </span>
  );
}
