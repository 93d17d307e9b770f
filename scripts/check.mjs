// Everything that is checked without running: types, lint, format, the package as others would install it, its public interface.
// `--fix` formats and accepts the public interface as it is now.
import { spawnSync } from 'node:child_process'

const fix = process.argv.includes('--fix')
const steps = [
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['build', 'npm', ['run', '--silent', 'build']],
  ['size in a page', 'node', ['scripts/size.mjs']],
  ['lint', 'eslint', ['.', ...(fix ? ['--fix'] : [])]],
  ['format', 'prettier', [fix ? '--write' : '--check', '--log-level', 'warn', '.']],
  ['package (publint)', 'publint', ['--strict']],
  ['package types (attw)', 'attw', ['--pack', '.', '--profile', 'esm-only', '--quiet']],
  ['statecharts in the docs', 'node', ['scripts/docs.mjs', ...(fix ? [] : ['--check'])]],
  ...['api-extractor.json', 'etc/lobby.api-extractor.json', 'etc/lobby-server.api-extractor.json'].map((config) => [
    `public interface (${config})`,
    'api-extractor',
    ['run', '--config', config, ...(fix ? ['--local'] : [])],
  ]),
]

let failed = 0
for (const [name, command, args] of steps) {
  const started = performance.now()
  const [program, programArgs] =
    command === 'node'
      ? [process.execPath, args]
      : command === 'npm'
        ? ['npm', args]
        : ['npx', ['--no-install', command, ...args]]
  const { status, stdout, stderr } = spawnSync(program, programArgs, { encoding: 'utf8' })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (status !== 0) {
    failed++
    console.log([stdout, stderr].join('\n').trim())
  }
}
process.exitCode = failed === 0 ? 0 : 1
