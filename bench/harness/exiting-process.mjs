/** A process that connects, and then ends as an application would: `node exiting-process.mjs CONTESTANT`. */
import { localPair } from './local-pair.mjs'
import { serve } from './processes.mjs'

const [name, variant] = process.argv[2].split(':')
let stays

const parent = serve({
  async connect(wish) {
    stays = wish.stays
    const adapter = await import(`../contestants/${name}.mjs`)
    for (let i = 1; i <= wish.connects; i++) {
      const pair = await localPair({ adapter, variant })
      if (pair.lost) throw new Error('it did not connect')
      if (!stays || i < wish.connects) await pair.close()
    }
  },
  end() {
    if (stays) process.exit(0)
    // The pipe to the first process would keep this one alive.
    parent.stop()
  },
})
