/**
 * The multiplayer API: its Variants encoded and decoded, beside JSON; and its relay of 64 B packets among 16 clients, beside loops that only forward, as many packets as go through and
 * the latency at a share of that.
 * `node bench/api.mjs [--clients 16] [--rounds 15] [--seconds 0.5] [--share 0.5] [--wait 0] [--only codec|relay] [--quick] [--json]`
 */
import { parseArgs } from 'node:util'
import { measureCodec } from './api/codec.mjs'
import { measureRelay } from './api/relay.mjs'
import { table } from './harness/table.mjs'

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '16' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    share: { type: 'string', default: '0.5' },
    wait: { type: 'string', default: '0' },
    only: { type: 'string' },
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
  },
})
const rounds = Number(values.rounds ?? (values.quick ? 1 : 15))
const seconds = Number(values.seconds ?? (values.quick ? 0.25 : 0.5))

const results = {}
if (values.only !== 'relay') results.codec = measureCodec(rounds)
if (values.only !== 'codec') {
  const settings = {
    clients: Number(values.clients),
    rounds,
    seconds,
    share: Number(values.share),
    wait: Number(values.wait),
  }
  Object.assign(results, await measureRelay(settings))
}
if (values.json) console.log(JSON.stringify(results))
else {
  // The goals are for full numbers.
  const { goals = [], ...tables } = results
  for (const part of [...Object.values(tables), ...(values.quick || goals.length === 0 ? [] : [goals])]) {
    table(part)
    console.log()
  }
}
