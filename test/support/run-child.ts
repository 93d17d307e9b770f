import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What became of a child process. */
export interface ChildResult {
  /** Exit code, or null if a signal ended it. */
  readonly code: number | null
  /** `SIGABRT` for a native abort, `SIGKILL` if it did not end in time. */
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface ChildOptions {
  args?: readonly string[]
  nodeArgs?: readonly string[]
  /** Milliseconds after which the child is killed. Default 20 s. */
  timeout?: number
  /** Shell commands before node, e.g. `ulimit -n 40`. */
  before?: string
}

const bundles = new Map<string, Promise<string>>()

/** Directory of the bundles of this test process; inside the package, so that node_modules is found. */
let directory: Promise<string> | null = null

/** Bundles a TypeScript script together with the sources that it imports; packages stay outside. */
export function bundleChild(script: string): Promise<string> {
  let bundle = bundles.get(script)
  if (bundle === undefined) {
    bundle = makeBundle(script)
    bundles.set(script, bundle)
  }
  return bundle
}

async function makeBundle(script: string): Promise<string> {
  directory ??= mkdtemp(path.join(ROOT, 'node_modules', '.children-'))
  const outfile = path.join(await directory, `${path.basename(script, '.ts')}.mjs`)
  await build({
    entryPoints: [path.resolve(ROOT, script)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: {
      '#platform': path.join(ROOT, 'src/platform/node.ts'),
      '#websocket': path.join(ROOT, 'src/platform/websocket-node.ts'),
    },
    logLevel: 'silent',
  })
  return outfile
}

/** Runs a script (path from the root of the package) in a process of its own and waits for its end. */
export async function runChild(
  script: string,
  { args = [], nodeArgs = [], timeout = 20_000, before }: ChildOptions = {},
): Promise<ChildResult> {
  const command = [process.execPath, ...nodeArgs, await bundleChild(script), ...args]
  const child =
    before === undefined
      ? spawn(command[0] as string, command.slice(1), { cwd: ROOT })
      : spawn('bash', ['-c', `${before}; exec "$@"`, 'bash', ...command], { cwd: ROOT })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout, stderr })
    })
  })
}

/** Removes the bundles; call it once after the tests of a file. */
export async function removeBundles(): Promise<void> {
  if (directory !== null) await rm(await directory, { recursive: true, force: true })
  directory = null
  bundles.clear()
}
