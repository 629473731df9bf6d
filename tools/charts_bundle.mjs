// Builds keji/site/static/keji/vendor/echarts.min.js: Apache ECharts with only the chart types charts.js draws.
//
//   mkdir build && cd build && npm install echarts@6.1.0 esbuild && cd ..
//   node tools/charts_bundle.mjs build/node_modules
//
// A new chart type goes into the list below, then the file is built and committed again.
import { createRequire } from "node:module";
import { resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const modules = resolve(process.argv[2] || "node_modules");
const { build } = createRequire(modules + "/")("esbuild");
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const source = `
import * as core from "echarts/core";
import { BarChart, LineChart, PieChart, ScatterChart, MapChart, HeatmapChart, SankeyChart, GaugeChart, RadarChart,
  CustomChart } from "echarts/charts";
import { GridComponent, TooltipComponent, LegendComponent, GeoComponent, VisualMapComponent, MarkLineComponent,
  MarkAreaComponent, RadarComponent, DataZoomComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
core.use([BarChart, LineChart, PieChart, ScatterChart, MapChart, HeatmapChart, SankeyChart, GaugeChart, RadarChart,
  CustomChart, GridComponent, TooltipComponent, LegendComponent, GeoComponent, VisualMapComponent, MarkLineComponent,
  MarkAreaComponent, RadarComponent, DataZoomComponent, LabelLayout, SVGRenderer]);
export const { init, registerMap, getMap, getInstanceByDom, version } = core;
`;

const result = await build({
  stdin: { contents: source, resolveDir: dirname(modules), loader: "js" },
  nodePaths: [modules],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "echarts",
  target: "es2019",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  banner: { js: "/* Apache ECharts 6.1.0 and zrender, Apache-2.0 and BSD-3-Clause: see THIRD_PARTY/. Built by tools/charts_bundle.mjs. */" },
  outfile: resolve(root, "keji/site/static/keji/vendor/echarts.min.js"),
});
if (result.errors.length) process.exit(1);
