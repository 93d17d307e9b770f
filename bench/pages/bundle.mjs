/** A page's script: the adapter of a contestant, and what measures it. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** What has to be another in a page than in Node. */
const IN_PAGE = /^(?:\.{1,2}\/(?:harness\/)?(now|thread-time|in-processes)\.mjs|node:(timers)\/promises)$/
const inPage = {
  name: 'in-page',
  setup({ onResolve }) {
    onResolve({ filter: IN_PAGE }, ({ path }) => {
      const [, ours, nodes] = IN_PAGE.exec(path)
      return { path: here(`in-page/${ours ?? nodes}.mjs`) }
    })
  },
}

export async function bundle(adapter) {
  try {
    const { outputFiles } = await build({
      stdin: {
        contents: `import * as adapter from '../contestants/browser/${adapter}.mjs'
          import { begin } from './page.mjs'
          begin(adapter)`,
        resolveDir: here('.'),
      },
      plugins: [inPage],
      inject: [here('in-page/set-immediate.mjs')],
      bundle: true,
      minify: true,
      format: 'esm',
      tsconfigRaw: '{}',
      write: false,
      logLevel: 'silent',
    })
    return outputFiles[0].contents
  } catch (error) {
    throw new Error(`it cannot be bundled for a page: ${error.errors?.[0]?.text ?? error.message}`)
  }
}
