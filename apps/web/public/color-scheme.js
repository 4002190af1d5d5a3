// Sets the colour scheme before the first paint. A file of its own, so that no inline script is needed.
(() => {
  let scheme = 'auto';
  try {
    scheme = localStorage.getItem('isocenter-color-scheme') ?? 'auto';
  } catch {
    // Storage may be blocked; the system's setting applies.
  }
  if (scheme !== 'light' && scheme !== 'dark') {
    scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
