/** The process of the bad network: the UDP proxy that the tests have. */
import { serve } from '../../harness/processes.mjs'
import { fromTests } from '../../scaling/support/from-tests.mjs'

const { UdpProxy } = await fromTests('udp-proxy')
const HOST_CANDIDATE = /^((?:a=)?candidate:\S+ \d+ UDP \d+ )\d+\.\d+\.\d+\.\d+ (\d+ typ host.*)$/i

let proxy

serve({
  /** A good network at first. */
  begin(seed) {
    proxy?.close()
    proxy = new UdpProxy({ seed })
  },
  impair(impairment) {
    Object.assign(proxy.impairment, impairment)
  },
  /** A signal as the other side shall see it, or null to keep it back: addresses come alone, and lead here. */
  async pass({ candidate, mid, type, sdp }) {
    if (candidate === undefined) return { type, sdp: sdp.replace(/^a=(?:candidate:.*|end-of-candidates)\r?\n/gm, '') }
    const match = HOST_CANDIDATE.exec(candidate)
    if (match === null) return null
    // Ends are bound to every address of the machine, so to this one too.
    const rewritten = await proxy.rewrite({ media: mid, index: 0, name: `${match[1]}127.0.0.1 ${match[2]}` })
    return rewritten === null ? null : { candidate: rewritten.name, mid }
  },
})
process.once('disconnect', () => process.exit(0))
