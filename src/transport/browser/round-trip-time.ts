import type { StandardPeerConnection, StandardReport } from './standard-webrtc.ts'

/** The round trip time of a connection. Browsers tell only later, so each question starts the measurement that the next one is answered with. */
export class RoundTripTime {
  #last: number | null = null
  #isAsking = false

  /** Milliseconds, of the time of the last call; null before. */
  last(connection: StandardPeerConnection): number | null {
    if (!this.#isAsking) {
      this.#isAsking = true
      void this.#ask(connection).finally(() => {
        this.#isAsking = false
      })
    }
    return this.#last
  }

  async #ask(connection: StandardPeerConnection): Promise<void> {
    try {
      const pairs: StandardReport[] = []
      let selected: string | undefined
      const reports = await connection.getStats()
      reports.forEach((report) => {
        if (report.type === 'transport') selected = report.selectedCandidatePairId
        if (report.type === 'candidate-pair' && report.nominated === true && report.state === 'succeeded')
          pairs.push(report)
      })
      // After a change of the path more than one pair may be called nominated.
      const { currentRoundTripTime } = pairs.find(({ id }) => id === selected) ?? pairs.at(-1) ?? {}
      if (currentRoundTripTime !== undefined) this.#last = currentRoundTripTime * 1000
    } catch {
      // A connection that is being closed has no statistics; what was known stays.
    }
  }
}
