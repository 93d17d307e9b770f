/**
 * Connects two processes, one connect at a time, default node-datachannel beside ours in turn: median, p95, share over 500 ms.
 * `node bench/connect.mjs [--connects 200] [--json]`
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { makeEnd } from './harness/contestants.mjs'
import { goal, quantile, table } from './harness/stats.mjs'
import { isOther, serve, startOther } from './harness/two-processes.mjs'

/** Milliseconds after which a connect counts as lost. */
const LIMIT = 10_000

if (isOther) {
  let end
  const parent = serve({
    prepare: (contestant) => {
      end = makeEnd(contestant, { sendSignal: parent.signal, id: 2 })
      parent.onSignal = end.signal
    },
    opened: () => end.opened,
    close: () => end.close(),
  })
} else {
  const { values } = parseArgs({ options: { connects: { type: 'string', default: '200' }, json: { type: 'boolean' } } })
  const connects = Number(values.connects)
  const other = startOther(fileURLToPath(import.meta.url))
  const times = { raw: [], ours: [] }
  const lost = { raw: 0, ours: 0 }
  for (let i = 0; i < connects; i++) {
    for (const contestant of i % 2 ? ['ours', 'raw'] : ['raw', 'ours']) {
      await other.call('prepare', contestant)
      const end = makeEnd(contestant, { sendSignal: other.signal, id: 1 })
      other.onSignal = end.signal
      const start = performance.now()
      end.offer()
      let timer
      const late = new Promise((resolve) => (timer = setTimeout(resolve, LIMIT, 'late')))
      const opened = await Promise.race([Promise.all([end.opened, other.call('opened')]), late])
      clearTimeout(timer)
      if (opened === 'late') lost[contestant]++
      times[contestant].push(performance.now() - start)
      await Promise.all([end.close(), other.call('close')])
    }
  }
  other.stop()

  const rows = Object.entries(times).map(([contestant, all]) => ({
    contestant,
    connects: all.length,
    'median ms': quantile(all, 0.5).toFixed(1),
    'p95 ms': quantile(all, 0.95).toFixed(1),
    'max ms': Math.max(...all).toFixed(0),
    'over 500 ms': `${((100 * all.filter((ms) => ms > 500).length) / all.length).toFixed(1)} %`,
    lost: lost[contestant],
  }))
  const share = times.ours.filter((ms) => ms > 500).length / times.ours.length
  const goals = [goal('share of our connects over 500 ms', share, 0.02), goal('our lost connects', lost.ours, 0)]
  if (values.json) console.log(JSON.stringify({ rows, goals, times }))
  else {
    table(rows)
    console.log()
    table(goals)
  }
}
