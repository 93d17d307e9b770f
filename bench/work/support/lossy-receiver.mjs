/** The process that receives: `node lossy-receiver.mjs ADAPTER [VARIANT]`. */
import { now } from '../../harness/now.mjs'
import { serve } from '../../harness/processes.mjs'
import { quantile } from '../../harness/stats.mjs'
import { readStamp } from './lossy-packet.mjs'

const [name, variant] = process.argv.slice(2)
const { createEnd } = await import(new URL(`../../contestants/${name}.mjs`, import.meta.url))

let ends = []
let latencies = {}

const parent = serve({
  begin(modes) {
    ends = []
    latencies = Object.fromEntries(modes.map((mode) => [mode, []]))
  },
  async prepare(number) {
    const sendSignal = (value) => parent.signal({ number, value })
    const end = await createEnd({ role: 'answer', id: 2, peerId: 1, variant, sendSignal })
    end.onPacket = (bytes, mode) => {
      const time = readStamp(bytes)
      if (time !== null) latencies[mode].push(now() - time)
    }
    ends[number] = end
  },
  opened: (number) => ends[number].opened.then(() => undefined),
  counted: (mode) => latencies[mode].length,
  latencies: (mode) => ({
    count: latencies[mode].length,
    p50: quantile(latencies[mode], 0.5),
    p99: quantile(latencies[mode], 0.99),
  }),
  close: () => Promise.all(ends.map((end) => end.close())).then(() => undefined),
})
parent.onSignal = ({ number, value }) => ends[number].signal(value)
process.once('disconnect', () => process.exit(0))
