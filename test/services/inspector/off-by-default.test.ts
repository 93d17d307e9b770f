import { expect, test } from '@jest/globals'
import { build } from 'esbuild'

const INSPECTOR = /services\/inspector\/|inspector-page|platform\/inspector/

/** The sources that an entry of the package needs, also those that it loads later on. */
async function sourcesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '#platform': './src/platform/node.ts', '#websocket': './src/platform/websocket-node.ts' },
    external: ['#inspector-server'],
    logLevel: 'silent',
  })
  return Object.keys(metafile.inputs)
}

test.each(['index', 'browser', 'multiplayer-api', 'react', 'lobby', 'lobby-server', 'testing/index'])(
  'nothing of the inspector is loaded by %s',
  async (entry) => {
    const sources = await sourcesOf(`src/${entry}.ts`)
    expect(sources).toContain(`src/${entry}.ts`)
    expect(sources.filter((source) => INSPECTOR.test(source))).toEqual([])
  },
)

test('what would be loaded is seen', async () => {
  expect((await sourcesOf('src/inspector.ts')).filter((source) => INSPECTOR.test(source))).not.toEqual([])
})
