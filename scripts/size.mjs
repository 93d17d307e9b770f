// What a page downloads that uses everything an entry exports, `webrtc-multiplayer` or `webrtc-multiplayer/lobby`: minified and gzipped, XState and RxJS included. Needs the built
// package. Fails when that is more than the limit, or when something for Node got in.
import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { BUNDLERS, minify, rollupChunk } from './bundlers.mjs'

/**
 * Bytes, gzipped. The goal is out of reach with what this library is: the parts of XState and RxJS that it uses have 16,400 alone, its own code 17,000, of which the texts of
 * errors are 1,900. The limits are what is reached, so that it does not grow unnoticed; the lobby has everything of `index` in it.
 */
const ENTRIES = {
  index: { limit: 34_400, goal: 25_000 },
  lobby: { limit: 48_000 },
  inspector: { limit: 31_000 },
  'multiplayer-api': { limit: 49_500 },
  variant: { limit: 10_000 },
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))

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

const isNative = (name) =>
  isBuiltin(name) ||
  /\bnode-datachannel\b|dist\/(transport\/node|platform\/((websocket|inspector)-)?node)\b|node_modules\/ws\//.test(name)

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

/** Prints the sizes of one entry. Returns whether it is within its limit. */
async function measure(name, { limit, goal }) {
  const entry = path.join(ROOT, 'dist', `${name}.js`)
  if (!existsSync(entry)) {
    console.error(`There is no dist/${name}.js to measure; npm run build first.`)
    return false
  }
  const chunk = await rollupChunk(entry)
  const modules = Object.entries(chunk.modules).map(([file, module]) => [path.relative(ROOT, file), module])
  const native = [...modules.map(([file]) => file), ...chunk.imports].filter(isNative)
  if (native.length > 0) {
    console.error(`For Node alone, and yet in the bundle of ${name} for browsers: ${native.join(', ')}`)
    return false
  }
  const totals = []
  for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
    const code = await bundle(entry)
    totals.push([`all, by ${bundler}`, Buffer.byteLength(code), gzipped(code)])
  }
  // A part compresses better beside the others than alone, so these add up to less than the whole.
  print([[`bytes of ${name}`, 'minified', 'gzipped'], ...(await measureParts(modules)), ...totals])
  const largest = Math.max(...totals.map(([, , size]) => size))
  const aim = goal === undefined ? '' : ` (goal ${goal.toLocaleString('en')})`
  console.log(`\n${largest.toLocaleString('en')} of at most ${limit.toLocaleString('en')} bytes gzipped${aim}.\n`)
  return largest <= limit
}

for (const [name, limits] of Object.entries(ENTRIES)) {
  if (!(await measure(name, limits))) process.exitCode = 1
}
