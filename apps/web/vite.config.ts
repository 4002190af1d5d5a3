import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server that `vite dev` passes API and DICOMweb requests to. */
const server = process.env.ISOCENTER_DEV_SERVER ?? 'http://127.0.0.1:8080';

const loader = '@cornerstonejs/dicom-image-loader';

export default defineConfig({
  plugins: [react()],
  worker: { format: 'es' },
  // The image loader starts its worker relative to its own file, so it must not be bundled ahead of time in
  // development; its CommonJS dependencies then have to be named one by one.
  optimizeDeps: {
    exclude: [loader],
    include: [
      // One copy each: the loader and the pages share what these hold.
      '@cornerstonejs/core',
      '@cornerstonejs/metadata',
      '@cornerstonejs/tools',
      'dicom-parser',
      `${loader} > @cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs`,
      `${loader} > @cornerstonejs/codec-charls/decodewasmjs`,
      `${loader} > @cornerstonejs/codec-openjpeg/decodewasmjs`,
      `${loader} > @cornerstonejs/codec-openjph/wasmjs`,
      `${loader} > @cornerstonejs/codec-libjxl/decodewasmjs`,
    ],
  },
  build: { target: ['chrome125', 'firefox128', 'safari17.5'], chunkSizeWarningLimit: 4_000, sourcemap: false },
  server: {
    strictPort: true,
    // The host stays, since the server compares it with the page's origin.
    proxy: Object.fromEntries(
      ['/api', '/oidc', '/dicom-web', '/areas', '/zones', '/health'].map((path) => [
        path,
        { target: server, changeOrigin: false },
      ]),
    ),
  },
});
