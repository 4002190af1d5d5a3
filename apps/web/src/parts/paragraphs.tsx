import classes from './paragraphs.module.css';

interface ParagraphsProps {
  readonly text: string;
  readonly label: string;
}

/** A long text to be read, with an empty line between its paragraphs. It scrolls by itself, also by keyboard. */
export function Paragraphs({ text, label }: ParagraphsProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling region
    <section className={classes.text} aria-label={label} tabIndex={0}>
      {text
        .split(/\n\s*\n/)
        .filter((part) => part.trim() !== '')
        .map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have nothing else, and don't move
          <p key={index}>{part}</p>
        ))}
    </section>
  );
}
