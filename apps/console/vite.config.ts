import { defineConfig } from 'vite';

/** Built into the library, which serves it (`GET console/`): relative addresses, so that any mount will do. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  build: {
    outDir: '../../libs/lockout/dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // light-dark() is used as it is.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The content security policy allows what this origin serves, and every file has a hash in its name.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
