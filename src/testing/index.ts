export { brokerAcceptance, type BrokerUnderTest } from './broker-acceptance.ts'
export { connectPair, type CandidateRewriter, type ConnectPairOptions } from './connect-pair.ts'
export type { NetworkConditions } from '../transport/simulated/network-conditions.ts'
export type { NetworkCounters } from '../transport/simulated/network-path.ts'
export { Random } from '../transport/simulated/random.ts'
export type { SimulatedHost } from '../transport/simulated/simulated-host.ts'
export {
  SimulatedNetwork,
  type LinkSelector,
  type SimulatedNetworkOptions,
} from '../transport/simulated/simulated-network.ts'
export { VirtualClock, type RunOptions } from '../transport/simulated/virtual-clock.ts'
export { transportAcceptance, type LossyLink, type TestApi, type TransportUnderTest } from './transport-acceptance.ts'
