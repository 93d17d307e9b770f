// `npm test`: builds, then runs every test: the fast ones in parallel, those with real connections one file after the other. Arguments go to Jest.
import { spawnSync } from 'node:child_process'

const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
const steps = [
  ['npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json']],
  [process.execPath, [...node, '--selectProjects', 'fast', ...process.argv.slice(2)]],
  [process.execPath, [...node, '--selectProjects', 'real', '--runInBand', ...process.argv.slice(2)]],
]
for (const [command, args] of steps) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
