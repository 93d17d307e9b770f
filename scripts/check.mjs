// Everything that is checked without running: types, lint, format, the package as others would install it, its public interface. What needs the built package waits for the build, the
// rest runs two at a time. `--fix` formats and accepts the public interface as it is now, one step after the other, since some of them write.
import { spawn } from 'node:child_process'

const fix = process.argv.includes('--fix')

const build = ['build', 'npm', 'run', '--silent', 'build']
// The longest first, so that the others fit beside them.
const steps = [
  ['lint', 'eslint', '.', ...(fix ? ['--fix'] : [])],
  ['types', 'tsc', '-p', 'tsconfig.json'],
  ['package types (attw)', 'attw', '--pack', '.', '--profile', 'esm-only', '--quiet'],
  ['format', 'prettier', fix ? '--write' : '--check', '--log-level', 'warn', '.'],
  ['size in a page', 'node', 'scripts/size.mjs'],
  ['package (publint)', 'publint', '--strict'],
  ['statecharts in the docs', 'node', 'scripts/docs.mjs', ...(fix ? [] : ['--check'])],
  ...[
    'api-extractor.json',
    ...['inspector', 'lobby', 'lobby-server', 'multiplayer-api', 'testing', 'variant'].map(
      (entry) => `etc/${entry}.api-extractor.json`,
    ),
  ].map((config) => [
    `public interface (${config})`,
    'api-extractor',
    'run',
    '--config',
    config,
    ...(fix ? ['--local'] : []),
  ]),
]

/** Packing would build again, under the eyes of the other steps. */
const WITHOUT_SCRIPTS = { env: { ...process.env, npm_config_ignore_scripts: 'true' } }

function start(command, args) {
  if (command === 'npm') return spawn('npm', args)
  if (command === 'node') return spawn(process.execPath, args)
  return spawn('npx', ['--no-install', command, ...args], WITHOUT_SCRIPTS)
}

/** Runs one step and prints how it went. @returns whether it succeeded. */
async function run([name, command, ...args]) {
  const started = performance.now()
  const child = start(command, args)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text) => (output += text))
  }
  const status = await new Promise((resolve) => child.once('close', resolve))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (status !== 0) {
    console.log(output.trim())
    process.exitCode = 1
  }
  return status === 0
}

async function runAll(queue) {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) await run(step)
}

if (await run(build)) {
  const queue = [...steps]
  await Promise.all(Array.from({ length: fix ? 1 : 2 }, () => runAll(queue)))
}
