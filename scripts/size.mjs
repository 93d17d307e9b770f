// What a page downloads that uses everything `webrtc-multiplayer` exports: minified and gzipped, XState and RxJS included. Needs the built package.
// Fails when that is more than the limit, or when something for Node got in.
import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { BUNDLERS, minify, rollupChunk } from './bundlers.mjs'

/**
 * Bytes, gzipped. The goal is out of reach with what this library is: the parts of XState and RxJS that it uses have 16,400 alone, its own code 17,000, of which the texts of
 * errors are 1,900. The limit is what is reached, so that it does not grow unnoticed.
 */
const GOAL = 25_000
const LIMIT = 34_000

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

/** Minified bytes of each part, and how many gzipped ones the whole would have less without it. */
async function measureParts(modules) {
  const marked = modules.map(([file, { code }]) => `/*! ${partOf(file)} */${code}`)
  const code = await minify(marked.join('\n'), 'inline')
  const pieces = [...code.matchAll(/\/\*! ([\w ]+) \*\/(.*?)(?=\/\*! |$)/gs)]
  const textOf = (wanted) => pieces.map(([, part, text]) => (wanted(part) ? text : '')).join('')
  const whole = gzipped(textOf(() => true))
  return Object.keys(PARTS).map((part) => {
    const own = textOf((other) => other === part)
    return [part, Buffer.byteLength(own), whole - gzipped(textOf((other) => other !== part))]
  })
}

function print(rows) {
  const lines = rows.map(([name, ...numbers]) => [name, ...numbers.map((number) => number.toLocaleString('en'))])
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  for (const [name, ...numbers] of lines) {
    console.log([name.padEnd(widths[0]), ...numbers.map((text, i) => text.padStart(widths[i + 1]))].join('   '))
  }
}

if (!existsSync(ENTRY)) {
  console.error('There is no dist/index.js to measure; npm run build first.')
  process.exit(1)
}
const chunk = await rollupChunk(ENTRY)
const modules = Object.entries(chunk.modules).map(([file, module]) => [path.relative(ROOT, file), module])
const native = [...modules.map(([file]) => file), ...chunk.imports].filter(isNative)
if (native.length > 0) {
  console.error(`For Node alone, and yet in the bundle for browsers: ${native.join(', ')}`)
  process.exit(1)
}

const totals = []
for (const [name, bundle] of Object.entries(BUNDLERS)) {
  const code = await bundle(ENTRY)
  totals.push([`all, by ${name}`, Buffer.byteLength(code), gzipped(code)])
}
// A part compresses better beside the others than alone, so these add up to less than the whole.
print([['bytes', 'minified', 'gzipped'], ...(await measureParts(modules)), ...totals])

const largest = Math.max(...totals.map(([, , size]) => size))
console.log(
  `\n${largest.toLocaleString('en')} of at most ${LIMIT.toLocaleString('en')} bytes gzipped (goal ${GOAL.toLocaleString('en')}).`,
)
process.exitCode = largest > LIMIT ? 1 : 0
