import { DEMO_CHANNELS } from './channels.ts'
import { formatBytes, formatDuration } from './format.ts'
import type { RunSummary } from './summary.ts'

/** The summary of a bounded run for people to read. */
export function summaryText(summary: RunSummary): string {
  const { connections, channels, signals, times, failures } = summary
  const rows = [
    ['channel', 'target', 'sent', 'expected', 'received', 'lost', 'twice', 'late', 'bytes'],
    ...channels.map((row) => [
      channelLabel(row.channel, row.mode),
      row.target,
      ...[row.sent, row.expected, row.received, row.lost, row.duplicated, row.outOfOrder].map(String),
      formatBytes(row.bytes),
    ]),
  ]
  return [
    `${summary.peers} peers, then one more, then one left`,
    `connections  ${connections.formed} of ${connections.expected}, median ${time(connections.medianMs)}, ` +
      `95 % ${time(connections.p95Ms)}, slowest ${time(connections.maxMs)}`,
    `signals      peerConnected ${signals.seen.peerConnected} of ${signals.expected.peerConnected}, ` +
      `peerDisconnected ${signals.seen.peerDisconnected} of ${signals.expected.peerDisconnected}`,
    `times        start ${time(times.startMs)}, mesh ${time(times.formMs)}, traffic ${time(times.trafficMs)}, ` +
      `join ${time(times.joinMs)}, leave ${time(times.leaveMs)}, close ${time(times.closeMs)}, all ${time(times.totalMs)}`,
    '',
    ...table(rows),
    '',
    ...failures.map((failure) => `failed: ${failure}`),
    summary.ok ? 'ok: everything expected arrived' : 'not ok',
  ].join('\n')
}

function channelLabel(channel: number, mode: string): string {
  return DEMO_CHANNELS.find((known) => known.channel === channel && known.modeName === mode)?.label ?? mode
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
}

function time(milliseconds: number | null): string {
  return milliseconds === null ? '-' : formatDuration(milliseconds)
}
