const MIB = 1024 * 1024

/** How much a hub holds. Texts are counted in characters, which are bytes for nearly all of what is told. */
export interface HubLimits {
  /** Messages that whoever looks late gets to see. As many as the page keeps in its timeline. */
  readonly historyMessages: number
  /** Characters of these. A change of state is a few hundred, so with usual ones both limits are near to each other. */
  readonly historySize: number
  /** Living actors. A process with 64 meshes of 64 peers has 4,160, and as many negotiations for a moment. */
  readonly actors: number
  /** Characters of what is known of sources, living actors and machines. */
  readonly registrySize: number
  /** Characters of the newest facts of all meshes: one mesh with 63 peers of 5 channels each tells 60,000. */
  readonly factsSize: number
  readonly verdicts: number
  /** Characters of these: one of a lobby has a few thousand. */
  readonly verdictsSize: number
  /** Processes, pages or workers that one reporter speaks for. */
  readonly sourcesPerReporter: number
  /** Characters of one message. */
  readonly messageSize: number
}

export const DEFAULT_HUB_LIMITS: HubLimits = {
  historyMessages: 20_000,
  historySize: 8 * MIB,
  actors: 50_000,
  registrySize: 64 * MIB,
  factsSize: 32 * MIB,
  verdicts: 500,
  verdictsSize: 4 * MIB,
  sourcesPerReporter: 16,
  messageSize: MIB,
}
