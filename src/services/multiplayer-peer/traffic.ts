/** What is counted of a channel; the sums of a mesh too. */
export interface Traffic {
  sentPackets: number
  sentBytes: number
  droppedPackets: number
  receivedPackets: number
  receivedBytes: number
}

export const NO_TRAFFIC: Readonly<Traffic> = {
  sentPackets: 0,
  sentBytes: 0,
  droppedPackets: 0,
  receivedPackets: 0,
  receivedBytes: 0,
}

export function addTraffic(sum: Traffic, traffic: Traffic): void {
  for (const name of Object.keys(NO_TRAFFIC) as (keyof Traffic)[]) sum[name] += traffic[name]
}
