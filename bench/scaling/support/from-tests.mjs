/** Parts that the tests have too, which are TypeScript: bundled in memory by the compiler of the build, so that there is one of each. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** @param file - in test/support, without its ending. It may import Node's own modules and files, no packages. */
export async function fromTests(file) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../../test/support/${file}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}
