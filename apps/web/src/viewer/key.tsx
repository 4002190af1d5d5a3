import classes from './viewer.module.css';

/** A key in the corner of its button, drawn by the style sheet: as text it would be a part of the button's name. */
export function Key({ text }: { readonly text: string }) {
  return <span className={classes.key} data-key={text.toUpperCase()} aria-hidden />;
}
