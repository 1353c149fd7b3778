import { Graphviz } from '@hpcc-js/wasm-graphviz'

/** Graphviz knows widths of Helvetica; whoever looks has another font, so texts are set from the middle. */
const STYLE = `text { font-family: -apple-system, 'Segoe UI', Helvetica, Arial, 'Liberation Sans', sans-serif }
.node text { font-weight: 600 }
.node text + text { font-weight: 400; font-size: 11.5px; fill: #57606a }
.cluster > text { text-anchor: start }`

/** A sheet of its own: what is drawn is legible on a page of any colour. */
const SHEET = '<rect x="0.5" y="0.5" width="100%" height="100%" rx="14" fill="#ffffff"/>'

/** A diagram in DOT, in which everything has its place (`neato -n2`), as an SVG. Rejects when it is no DOT. */
export async function renderDiagram(dot: string): Promise<string> {
  const graphviz = await Graphviz.load()
  const svg = graphviz.layout(dot, 'svg', 'nop2')
  // The width is that of the page, the form that of the drawing.
  return svg
    .slice(svg.indexOf('<svg'))
    .replace(/<!--.*?-->\n?/gs, '')
    .replace(/(<svg[^>]*>)/, `$1\n<style>\n${STYLE}\n</style>\n${SHEET}`)
}
