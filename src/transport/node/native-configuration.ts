import type { RtcConfig } from 'node-datachannel'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { LibdatachannelSettings, PeerConnectionConfiguration } from '../peer-connection.ts'
import { toNativeIceServers } from './ice-servers.ts'
import { canBindAddress } from './socket-probe.ts'

/** What a connection announces and takes by default, libdatachannel's own default. */
export const DEFAULT_MAX_MESSAGE_SIZE = 262144

/**
 * Translates a configuration into that of node-datachannel, checking everything first: it takes several wrong values silently, and a bad
 * address aborts the process later.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER`
 */
export function toNativeConfiguration(configuration: PeerConnectionConfiguration): RtcConfig {
  const policy: string = configuration.iceTransportPolicy ?? 'all'
  if (policy !== 'all' && policy !== 'relay') throw invalid(`iceTransportPolicy is 'all' or 'relay'.`, policy)
  const iceServers = toNativeIceServers(configuration.iceServers ?? [])
  const hasRelay = iceServers.some((server) => server.relayType !== undefined)
  if (policy === 'relay' && !hasRelay) {
    throw invalid(
      `iceTransportPolicy 'relay' needs a TURN server over UDP in iceServers; without one nothing can connect.`,
      configuration.iceServers,
    )
  }
  const settings = configuration.libdatachannel ?? {}
  if (settings.enableIceUdpMux === true && hasRelay) {
    throw invalid('enableIceUdpMux excludes TURN servers; leave out one of the two.', configuration)
  }
  return { iceServers, iceTransportPolicy: policy, disableAutoNegotiation: true, ...toNativeSettings(settings) }
}

function toNativeSettings(settings: LibdatachannelSettings): Partial<RtcConfig> {
  const portRangeBegin = checkInteger('portRangeBegin', settings.portRangeBegin, 1024, 65535)
  const portRangeEnd = checkInteger('portRangeEnd', settings.portRangeEnd, 1024, 65535)
  if ((portRangeBegin ?? 1024) > (portRangeEnd ?? 65535))
    throw invalid('portRangeBegin must not be above portRangeEnd.', settings)
  // libdatachannel reads datagrams into 4096 bytes: with a larger MTU connections open and then pass nothing.
  const mtu = checkInteger('mtu', settings.mtu, 576, 4000)
  const maxMessageSize = checkInteger('maxMessageSize', settings.maxMessageSize, 1, 0x7fffffff)
  const { bindAddress, enableIceTcp, enableIceUdpMux } = settings
  if (bindAddress !== undefined && !canBindAddress(bindAddress)) {
    throw invalid(
      `bindAddress '${bindAddress}' is no address of this machine; leave it out to use all interfaces.`,
      bindAddress,
    )
  }
  return {
    ...(portRangeBegin !== undefined && { portRangeBegin }),
    ...(portRangeEnd !== undefined && { portRangeEnd }),
    ...(mtu !== undefined && { mtu }),
    ...(maxMessageSize !== undefined && { maxMessageSize }),
    ...(bindAddress !== undefined && { bindAddress }),
    ...(enableIceTcp !== undefined && { enableIceTcp }),
    ...(enableIceUdpMux !== undefined && { enableIceUdpMux }),
  }
}

function checkInteger(name: string, value: number | undefined, min: number, max: number): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return value
  throw invalid(`libdatachannel.${name} must be a whole number from ${min} to ${max}.`, value)
}

function invalid(message: string, value: unknown): MultiplayerError {
  return new MultiplayerError('ERR_INVALID_PARAMETER', message, { value })
}
