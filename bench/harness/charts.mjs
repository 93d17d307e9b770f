/** Bars of a report as SVG: docs/images/bench-*.svg. On no background and in colours that read on white and on dark. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as echarts from 'echarts'
import { figureOf } from './figures.mjs'

const IMAGES = new URL('../../docs/images/', import.meta.url)
const WIDTH = 760
const MARGIN = { left: 110, right: 70, top: 64, bottom: 36 }
const BAR = 15
const TEXT = '#7d8590'
const LINE = '#7d859055'
/** Ours stands out; of two series the second is paler. */
const COLOURS = { ours: '#2f81f7', rival: '#8d96a0' }
const OPACITY = [1, 0.55]

/** Draws the charts of the works that are in the report. @returns the files. */
export function drawCharts(report, works) {
  return Object.entries(works).flatMap(([name, work]) =>
    (work.charts ?? []).map((chart) => {
      const file = fileURLToPath(new URL(`bench-${chart.file}.svg`, IMAGES))
      writeFileSync(file, `${draw(chart, seriesOf(chart, work, report.works[name]))}\n`)
      return file
    }),
  )
}

/** A series for each cell, or for each column of the one cell. */
function seriesOf({ cells, column, columns = [column] }, work, { cells: measured }) {
  return cells.flatMap((name) => {
    const { seen } = measured.find((cell) => cell.name === name)
    return columns.map((key) => {
      const shown = work.columns.find((column) => column.key === key)
      const figures = Object.entries(seen).map(([contestant, { rounds }]) => [contestant, figureOf(shown, rounds)])
      return { name: columns.length > 1 ? shown.title : name, figures: new Map(figures) }
    })
  })
}

function draw({ title, log = false }, series) {
  const contestants = [...new Set(series.flatMap(({ figures }) => [...figures.keys()]))].filter((contestant) =>
    series.some(({ figures }) => figures.get(contestant) !== undefined),
  )
  const smallest = Math.min(...series.flatMap(({ figures }) => [...figures.values()]).filter((figure) => figure > 0))
  const least = 10 ** Math.floor(Math.log10(smallest) - 0.2)
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    height: MARGIN.top + MARGIN.bottom + contestants.length * (series.length * BAR + 14),
  })
  chart.setOption({
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { color: TEXT, fontFamily: 'system-ui, sans-serif' },
    title: { text: title, left: 8, top: 4, textStyle: { color: TEXT, fontSize: 15, fontWeight: 600 } },
    legend: {
      show: series.length > 1,
      left: 4,
      top: 30,
      itemHeight: 10,
      // What measures text on a server does not know the font.
      itemGap: 28,
      textStyle: { color: TEXT },
      data: series.map(({ name }, i) => ({ name, itemStyle: { color: COLOURS.rival, opacity: OPACITY[i] } })),
    },
    grid: MARGIN,
    xAxis: {
      type: log ? 'log' : 'value',
      // Bars would begin at 1 else.
      ...(log && { min: least, startValue: least }),
      axisLabel: { color: TEXT, formatter: short },
      splitLine: { lineStyle: { color: LINE } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: contestants,
      axisLabel: { color: TEXT, fontSize: 13 },
      axisLine: { lineStyle: { color: LINE } },
      axisTick: { show: false },
    },
    series: series.map(({ name, figures }, i) => ({
      name,
      type: 'bar',
      barWidth: BAR - 3,
      barGap: '15%',
      data: contestants.map((contestant) => ({
        value: figures.get(contestant) ?? '-',
        itemStyle: { color: contestant === 'ours' ? COLOURS.ours : COLOURS.rival, opacity: OPACITY[i] },
      })),
      label: {
        show: true,
        position: 'right',
        color: TEXT,
        opacity: 1,
        fontSize: 11,
        formatter: ({ value }) => short(value),
      },
    })),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

/** Three digits, thousands as `k`. */
function short(value) {
  if (value >= 1_000_000) return `${Number((value / 1e6).toPrecision(3))} M`
  if (value >= 1_000) return `${Number((value / 1e3).toPrecision(3))} k`
  return `${Number(Number(value).toPrecision(3))}`
}
