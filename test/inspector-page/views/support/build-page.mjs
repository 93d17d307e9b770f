// Builds the inspector's page from the sources into the directory that is given: as `npm run build` does, but not into dist/. Vite does not run inside of Jest.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

await build({
  configFile: false,
  logLevel: 'warn',
  root: fileURLToPath(new URL('../../../../src/inspector-page/', import.meta.url)),
  base: './',
  oxc: { jsx: { runtime: 'automatic' } },
  build: { outDir: process.argv[2], emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 2_000 },
})
