// How the bundlers of applications bundle a script for a page, minified. As a program it prints what they make of the scripts that are named to it.
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import { rollup } from 'rollup'
import { build as vite } from 'vite'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

export const BUNDLERS = {
  async esbuild(entry) {
    const { outputFiles } = await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'esm',
      legalComments: 'none',
      // An application's bundler does not see the tsconfig of this package.
      tsconfigRaw: '{}',
      write: false,
      logLevel: 'silent',
    })
    return outputFiles[0].text
  },

  async Rollup(entry) {
    return minify((await rollupChunk(entry)).code)
  },

  async Vite(entry) {
    const { output } = await vite({
      root: ROOT,
      configFile: false,
      logLevel: 'silent',
      build: {
        write: false,
        modulePreload: false,
        rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
      },
    })
    return output[0].code
  },
}

export async function rollupChunk(entry) {
  const made = await rollup({
    input: entry,
    plugins: [nodeResolve({ browser: true })],
    // Should it get in, it is found by its name.
    external: ['node-datachannel'],
    onwarn: () => undefined,
  })
  const { output } = await made.generate({ format: 'esm' })
  await made.close()
  return output[0]
}

export async function minify(code, legalComments = 'none') {
  return (await esbuild.transform(code, { minify: true, format: 'esm', legalComments })).code
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const entries = process.argv.slice(2).map((entry) => path.resolve(entry))
  const made = {}
  for (const [name, bundle] of Object.entries(BUNDLERS)) made[name] = await Promise.all(entries.map(bundle))
  console.log(JSON.stringify(made))
}
