#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runCommandLine } from './command-line.ts'

// Whoever reads may stop reading, as `| head` does; there is nobody to tell then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await runCommandLine(process.argv.slice(2), fileURLToPath(import.meta.url))
