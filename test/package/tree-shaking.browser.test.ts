import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as esbuild } from 'esbuild'
import type { Browser } from 'puppeteer-core'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import { TransferMode } from '../../src/services/multiplayer-peer/packet.ts'
import { INSTALLED, launch, openPage } from '../browser/support/browser.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Bundles a script that imports the built package by its name, with what is usual for a page. */
const BUNDLERS: Readonly<Record<string, (entry: string) => Promise<string>>> = {
  esbuild: async (entry) => {
    // An application's bundler does not see the tsconfig of this package.
    const { outputFiles } = await esbuild({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'esm',
      tsconfigRaw: '{}',
      write: false,
    })
    return outputFiles[0]?.text ?? ''
  },
  Rollup: async (entry) => {
    const made = await rollup({ input: entry, plugins: [nodeResolve({ browser: true })] })
    const { output } = await made.generate({ format: 'esm' })
    await made.close()
    return output[0].code
  },
  Vite: async (entry) => {
    const made = await vite({
      root: ROOT,
      configFile: false,
      logLevel: 'warn',
      build: { write: false, modulePreload: false, rolldownOptions: { input: entry } },
    })
    const [chunk] = 'output' in made ? made.output : []
    return chunk?.code ?? ''
  },
}

let browser: Browser

beforeAll(async () => {
  if (!existsSync(path.join(ROOT, 'dist/index.js'))) throw new Error('There is no dist/: npm run build first.')
  if (INSTALLED.includes('chromium')) browser = await launch('chromium')
})

afterAll(async () => {
  if (INSTALLED.includes('chromium')) await browser.close()
})

/** Runs a script in a page and returns what it left as `outcome`. */
async function run(script: string): Promise<unknown> {
  const page = await openPage(browser, 'about:blank')
  try {
    await page.addScriptTag({ content: script, type: 'module' })
    await page.waitForFunction(() => 'outcome' in globalThis)
    return await page.evaluate(() => (globalThis as unknown as { outcome: unknown }).outcome)
  } finally {
    await page.close()
  }
}

const testInChromium = INSTALLED.includes('chromium') ? test : test.skip

describe.each(Object.entries(BUNDLERS))('the package in a page, bundled by %s', (_, bundle) => {
  const scripts = new Map<string, string>()
  beforeAll(async () => {
    for (const name of ['two-meshes', 'one-name']) {
      scripts.set(name, await bundle(path.join(ROOT, `test/package/page/${name}.js`)))
    }
  })

  test('holds nothing that is for Node', () => {
    for (const script of scripts.values()) expect(script).not.toMatch(/node-datachannel|["']node:/)
  })

  test('is as small as what is imported', () => {
    expect(scripts.get('one-name')?.length).toBeLessThan(1_500)
  })

  testInChromium('runs: two meshes meet and exchange a packet', async () => {
    expect(await run(scripts.get('one-name') ?? '')).toBe(TransferMode.RELIABLE)
    expect(await run(scripts.get('two-meshes') ?? '')).toEqual({
      peer: 1,
      mode: TransferMode.RELIABLE,
      data: [1, 2, 3],
    })
  })
})
