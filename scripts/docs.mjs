// Draws docs/statecharts.md from the machines themselves. `--check` only says whether it is up to date.
import { readFile, writeFile } from 'node:fs/promises'
import { format } from 'prettier'
import { authenticationMachine } from '../dist/machines/authentication-machine.js'
import { meshMachine } from '../dist/machines/mesh-machine.js'
import { negotiationMachine } from '../dist/machines/negotiation-machine.js'
import { peerMachine } from '../dist/machines/peer-machine.js'

const FILE = new URL('../docs/statecharts.md', import.meta.url)

const nameOfEvent = (type) => {
  const after = /^xstate\.after\.(.+)\.(?:peer|mesh|negotiation|authentication)/.exec(type)
  if (after) return `after ${after[1]}`
  if (type === '') return 'always'
  if (type.startsWith('xstate.error.actor')) return 'actor error'
  return type.replace(/^xstate\./, '')
}
const nameOf = (part) => (typeof part === 'string' ? part : (part?.type ?? ''))

const labelOf = (transition) => {
  const guard = transition.guard === undefined ? '' : ` [${nameOf(transition.guard)}]`
  return `${nameOfEvent(transition.eventType)}${guard}`
}

function* transitionsOf(node) {
  for (const transitions of node.transitions.values()) yield* transitions
  if (node.always) yield* node.always
}

/** A line for each transition that changes the state; those of the root stand for every state. */
function diagram(machine) {
  const states = Object.values(machine.root.states)
  const lines = ['stateDiagram-v2', `  [*] --> ${machine.root.initial.target[0].key}`]
  const everywhere = []
  for (const transition of transitionsOf(machine.root)) {
    for (const target of transition.target ?? []) everywhere.push(`${labelOf(transition)} → \`${target.key}\``)
  }
  for (const state of states) {
    for (const transition of transitionsOf(state)) {
      for (const target of transition.target ?? [])
        lines.push(`  ${state.key} --> ${target.key}: ${labelOf(transition)}`)
    }
    if (state.type === 'final') lines.push(`  ${state.key} --> [*]`)
  }
  const stays = states.map((state) => {
    const own = [...transitionsOf(state)].filter((transition) => !transition.target).map(labelOf)
    return own.length === 0 ? '' : `- \`${state.key}\` also handles: ${own.join(', ')}`
  })
  return [
    '```mermaid',
    ...lines,
    '```',
    '',
    `From every state that does not handle it itself: ${everywhere.join('; ')}.`,
    '',
    ...stays.filter(Boolean),
  ].join('\n')
}

const text = await format(
  `# Statecharts

Drawn from the machines by \`npm run docs\`; do not edit by hand.

## One remote peer (\`peerLogic\`)

${diagram(peerMachine)}

## The mesh (\`meshLogic\`)

${diagram(meshMachine)}

## The negotiation with one other member of a lobby

${diagram(negotiationMachine)}

## The authentication of one peer (\`MultiplayerAPI\`)

${diagram(authenticationMachine)}
`,
  { parser: 'markdown', printWidth: 120 },
)

if (process.argv.includes('--check')) {
  const current = await readFile(FILE, 'utf8').catch(() => '')
  if (current !== text) {
    console.error('docs/statecharts.md does not show the machines as they are; run npm run docs.')
    process.exitCode = 1
  }
} else {
  await writeFile(FILE, text)
}
