import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Bundles a script (path from the root of the package) with the sources that it imports, for a page. */
export async function bundlePage(script: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.resolve(ROOT, script)],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    // Names survive in what a failing test reports.
    keepNames: true,
    alias: {
      '#platform': path.join(ROOT, 'src/platform/browser.ts'),
      '#websocket': path.join(ROOT, 'src/platform/websocket-browser.ts'),
    },
    write: false,
    logLevel: 'silent',
    sourcemap: 'inline',
  })
  return outputFiles[0]?.text ?? ''
}
