import type { SelectedCandidate, SelectedCandidatePair } from '../peer-connection.ts'
import type { StandardPeerConnection, StandardReport } from './standard-webrtc.ts'

/** What is known of the path that a connection's packets take. */
interface KnownPath {
  /** Milliseconds. */
  readonly roundTripTime: number | null
  readonly pair: SelectedCandidatePair | null
}

/** The path that a connection's packets take. Browsers tell of it only later, so each question starts the measurement that the next one is answered with. */
export class SelectedPath {
  #last: KnownPath = { roundTripTime: null, pair: null }
  #isAsking = false

  /** What was known at the time of the last call. */
  last(connection: StandardPeerConnection): KnownPath {
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
      const reports: StandardReport[] = []
      ;(await connection.getStats()).forEach((report) => reports.push(report))
      const selected = reports.find(({ type }) => type === 'transport')?.selectedCandidatePairId
      const pairs = reports.filter(
        ({ type, nominated, state }) => type === 'candidate-pair' && nominated === true && state === 'succeeded',
      )
      // After a change of the path more than one pair may be called nominated.
      const path = pairs.find(({ id }) => id === selected) ?? pairs.at(-1)
      if (path === undefined) return
      const { currentRoundTripTime, localCandidateId, remoteCandidateId } = path
      const local = toSelected(reports.find(({ id }) => id === localCandidateId))
      const remote = toSelected(reports.find(({ id }) => id === remoteCandidateId))
      this.#last = {
        roundTripTime: currentRoundTripTime === undefined ? this.#last.roundTripTime : currentRoundTripTime * 1000,
        pair: local && remote && { local, remote },
      }
    } catch {
      // A connection that is being closed has no statistics; what was known stays.
    }
  }
}

function toSelected(report: StandardReport | undefined): SelectedCandidate | null {
  if (report?.candidateType === undefined) return null
  const { candidateType, protocol = 'udp', address, port = 0 } = report
  return { type: candidateType, protocol, address: address ?? '', port }
}
