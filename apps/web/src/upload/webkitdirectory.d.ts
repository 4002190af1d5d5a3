import 'react';

declare module 'react' {
  interface InputHTMLAttributes<T> {
    /** Lets an `<input type="file">` take a folder; every browser has it, React's types don't. */
    webkitdirectory?: '' | undefined;
  }
}
