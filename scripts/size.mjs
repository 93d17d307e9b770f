// What a page downloads that uses everything `webrtc-multiplayer` exports: minified and gzipped, XState and RxJS included. Needs the built package.
// Fails when that is more than the limit, or when something for Node got in.
import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import { build as viteBuild } from 'vite'

/** Bytes, gzipped: what a page may pay for a mesh of peers, its statecharts and its streams. */
const LIMIT = 25_000

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ENTRY = path.join(ROOT, 'dist/index.js')

/** The first that matches a file says which part it belongs to. */
const PARTS = {
  xstate: /node_modules\/xstate\//,
  'rxjs and tslib': /node_modules\/(rxjs|tslib)\//,
  services: /^dist\/services\//,
  machines: /^dist\/machines\//,
  transport: /^dist\/transport\//,
  rest: /^/,
}
const partOf = (file) => Object.keys(PARTS).find((part) => PARTS[part].test(file))

const isNative = (name) => isBuiltin(name) || /\bnode-datachannel\b|dist\/(transport|platform)\/node\b/.test(name)

const gzipped = (code) => gzipSync(code, { level: 9 }).byteLength

function withEsbuild() {
  return build({
    absWorkingDir: ROOT,
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    legalComments: 'none',
    // What only Node has is reported below, by name.
    external: ['node:*', 'node-datachannel'],
    // The bundler of an application does not see the tsconfig of this package.
    tsconfigRaw: '{}',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
}

const minify = (code, legalComments) => transform(code, { minify: true, format: 'esm', legalComments })

async function withRollup() {
  const made = await rollup({ input: ENTRY, plugins: [nodeResolve({ browser: true })] })
  const { output } = await made.generate({ format: 'esm' })
  await made.close()
  return output[0]
}

/** Minified bytes of each part of a bundle made by Rollup, and how many gzipped ones the bundle would have less without it. */
async function measureParts({ modules }) {
  const marked = Object.entries(modules).map(([file, { code }]) => `/*! ${partOf(path.relative(ROOT, file))} */${code}`)
  const { code } = await minify(marked.join('\n'), 'inline')
  const pieces = [...code.matchAll(/\/\*! ([\w ]+) \*\/(.*?)(?=\/\*! |$)/gs)]
  const textOf = (wanted) => pieces.map(([, part, text]) => (wanted(part) ? text : '')).join('')
  const whole = gzipped(textOf(() => true))
  return Object.keys(PARTS).map((part) => {
    const own = textOf((other) => other === part)
    return [part, Buffer.byteLength(own), whole - gzipped(textOf((other) => other !== part))]
  })
}

async function withVite() {
  const { output } = await viteBuild({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: ENTRY, preserveEntrySignatures: 'strict' },
    },
  })
  return output[0].code
}

function print(rows) {
  const lines = rows.map(([name, ...numbers]) => [name, ...numbers.map((number) => number?.toLocaleString('en') ?? '')])
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  for (const [name, ...numbers] of lines) {
    console.log([name.padEnd(widths[0]), ...numbers.map((text, i) => text.padStart(widths[i + 1]))].join('   '))
  }
}

if (!existsSync(ENTRY)) {
  console.error('There is no dist/index.js to measure; npm run build first.')
  process.exit(1)
}
const { outputFiles, metafile } = await withEsbuild()
const [{ contents }] = outputFiles
const [{ inputs, imports }] = Object.values(metafile.outputs)
const native = [...Object.keys(inputs), ...imports.map((imported) => imported.path)].filter(isNative)
if (native.length > 0) {
  console.error(`For Node alone, and yet in the bundle for browsers: ${native.join(', ')}.`)
  process.exit(1)
}

const total = gzipped(contents)
const rollupChunk = await withRollup()
const { code: rollupCode } = await minify(rollupChunk.code, 'none')
const viteCode = await withVite()
print([
  ['bytes', 'minified', 'gzipped'],
  // A part compresses better beside the others than alone, so these add up to less than the whole.
  ...(await measureParts(rollupChunk)),
  ['all, by Rollup', Buffer.byteLength(rollupCode), gzipped(rollupCode)],
  ['all, by Vite', Buffer.byteLength(viteCode), gzipped(viteCode)],
  ['all, by esbuild', contents.byteLength, total],
  ['limit', undefined, LIMIT],
])
if (total > LIMIT) {
  console.error(`\n${(total - LIMIT).toLocaleString('en')} bytes over the limit.`)
  process.exit(1)
}
