/* Draws plain chart specs with ECharts. A page writes what the figures are; how they look is decided here, once.

   spec.kind and its fields (values may be numbers or decimal strings; url on an item opens it):
     bar line stack  categories [str], series [{name, values, urls?, dashed?, area?, tone?}], unit, horizontal?, target?,
                     forecast_from? (index from which the first line, and any series with forecast: true, is dashed)
     pie             items [{label, value, url?, tone?}], unit
     progress        items [{label, value, target, pace?, light?, url?}], unit      bar to target, tick where pace expects it
     interval        items [{label, value, low, high, url?}], unit                  rank with its interval
     waterfall       start {label, value}, steps [{label, value, url?}], end {label, value}, unit
     map             items [{code?, name, value, url?}], points? [{name, value, url?, lng?, lat?}], unit
     sankey          nodes [{name, label, colour: index}], links [{source, target, value, url?}], unit
     gauge           value, target, label?, unit       radar     axes [{label, max}], series [{name, values}]
     heatmap         columns, rows, cells [[column, row, value, url?]], unit         scatter   items [{label, x, y, url?}]  */
(function () {
  "use strict";
  const keji = (window.keji = window.keji || {});
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const INK = token("--kj-ink");
  const INK2 = token("--kj-ink-2");
  const INK3 = token("--kj-ink-3");
  const LINE = token("--kj-line");
  const FONT = token("--kj-font");
  /* Chart fills: calm, told apart by lightness too, so they survive grey print. */
  const SERIES = ["#1b4f91", "#3f9aa8", "#d19a3a", "#7d6bb0", "#5f8f5b", "#9aa7b6", "#a8577e"];
  const TONE = { blue: "#1b4f91", green: "#2c8a5c", amber: "#c98a1b", red: "#c3362f", teal: "#2f8f9d", violet: "#7d6bb0", gray: "#9aa7b6" };
  const LIGHT = { on_pace: "green", behind: "amber", at_risk: "red", done: "blue", over: "teal", not_started: "gray", not_reported: "violet", not_applicable: "gray" };
  const RAMP = ["#eef4fa", "#d3e2f2", "#aecbe6", "#86b0d8", "#6399ca"]; // light: black labels stay readable on all of it

  const num = (value) => (value === null || value === undefined || value === "" ? null : Number(value));
  function text(value) {
    const n = num(value);
    if (n === null || Number.isNaN(n)) return "—";
    return n.toLocaleString("en-US", { maximumFractionDigits: 4 });
  }
  const toned = (item, fallback) => TONE[item.tone] || TONE[LIGHT[item.light]] || fallback;

  /* Tooltips are built as elements: markup strings would need inline styles, which the CSP forbids. */
  function tip(title, lines) {
    const box = document.createElement("div");
    box.className = "chart-tip";
    const head = document.createElement("div");
    head.className = "chart-tip-title";
    head.textContent = title;
    box.append(head);
    for (const [label, value] of lines) {
      const row = document.createElement("div");
      row.className = "chart-tip-row";
      const left = document.createElement("span");
      const right = document.createElement("span");
      left.textContent = label;
      right.textContent = value;
      row.append(left, right);
      box.append(row);
    }
    return box;
  }
  /* A percentage carries its sign wherever it is written: a bare 32.5 asks “of what?”. */
  const figure = (value, spec) => text(value) + (spec.unit === "%" && num(value) !== null ? "%" : "");
  const withUnit = (value, spec) => text(value) + (num(value) === null ? "" : " " + (spec.unit || ""));

  /* Characters that fit under one of `count` bars. */
  const slotWidth = (spec, count) => Math.max(2, Math.floor(((spec.width || 600) - 60) / count / 12.5));
  const narrow = (spec) => (spec.width || 600) < 460;

  function base(spec) {
    return {
      textStyle: { fontFamily: FONT, color: INK2, fontSize: 12 },
      animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      animationDuration: 300,
      color: SERIES,
      tooltip: { confine: true, borderColor: LINE, borderWidth: 1, padding: [8, 12], backgroundColor: "#fff" },
      grid: { left: 8, right: 16, top: spec.series && spec.series.length > 1 ? 36 : 24, bottom: 4, containLabel: true },
    };
  }
  function legend(spec) {
    return spec.series && spec.series.length > 1
      ? { top: 0, right: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: INK2 }, icon: "roundRect" }
      : undefined;
  }
  const valueAxis = (spec) => ({
    type: "value",
    name: spec.unit === "%" ? "" : spec.unit || "",
    nameTextStyle: { color: INK3, align: "right" },
    minInterval: "家个项件人次条".includes(spec.unit || "?") ? 1 : 0, // nobody counts half a firm
    axisLabel: { color: INK3, formatter: (value) => figure(value, spec) },
    splitLine: { lineStyle: { color: "#edf0f4" } },
  });
  const nameAxis = (names, extra) => ({
    type: "category",
    data: names,
    axisLine: { lineStyle: { color: "#b4bfcb" } },
    axisTick: { show: false },
    axisLabel: { color: INK2, ...extra },
  });
  /* Breaks a long name into even lines of about `width` characters: no line holds a single leftover character, and
     none begins with a mark that closes what stands before it. */
  function wrap(name, width) {
    const letters = [...name];
    const per = Math.ceil(letters.length / Math.ceil(letters.length / width));
    let lines = "", held = 0;
    for (const letter of letters) {
      if (held >= per && !"，。、；：）”》".includes(letter)) { lines += "\n"; held = 0; }
      lines += letter;
      held += 1;
    }
    return lines;
  }
  /* 24年12月 under a narrow bar: the month, and below it the year where one begins. */
  function wrapMonth(name, width, index) {
    const month = /^(\d+年)(\d+月)$/.exec(name);
    if (!month || width >= name.length) return wrap(name, width);
    return month[2] === "1月" || (index === 0 && month[2] !== "12月") ? `${month[2]}\n${month[1]}` : month[2];
  }
  const nameWidth = (spec) => Math.min(16, Math.max(6, Math.round(((spec.width || 600) * 0.28) / 12.5)));

  const draw = {};

  draw.bar = draw.stack = function (spec) {
    const stacked = spec.kind === "stack";
    const single = spec.series.length === 1;
    const names = nameAxis(spec.categories, spec.horizontal ? { formatter: (v) => wrap(v, nameWidth(spec)), lineHeight: 16 } : { interval: 0, lineHeight: 15, formatter: (v, i) => wrapMonth(v, slotWidth(spec, spec.categories.length), i) });
    if (spec.horizontal) names.inverse = true;
    const values = valueAxis(spec);
    if (!stacked) values.max = roomForTarget(spec);
    if (spec.horizontal) values.name = "";
    return {
      ...base(spec),
      legend: legend(spec),
      xAxis: spec.horizontal ? values : names,
      yAxis: spec.horizontal ? names : values,
      tooltip: {
        ...base(spec).tooltip,
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: "rgba(27,79,145,0.06)" } },
        formatter: (points) => tip(points[0].name, points.map((p) => [p.seriesName, withUnit(p.value, spec)])),
      },
      series: spec.series.map((s, index) => ({
        name: s.name,
        type: "bar",
        stack: stacked ? "all" : undefined,
        barMaxWidth: 26,
        itemStyle: { color: TONE[s.tone] || SERIES[index % SERIES.length], borderRadius: stacked ? 0 : spec.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
        label: single ? { show: true, position: spec.horizontal ? "right" : "top", color: INK2, formatter: (p) => figure(p.value, spec) } : undefined,
        labelLayout: { hideOverlap: true },
        data: s.values.map((value, i) => ({ value: num(value), url: s.urls && s.urls[i] })),
        markLine: index === 0 ? target(spec) : undefined,
      })),
    };
  };

  function target(spec) {
    if (spec.target === undefined || spec.target === null) return undefined;
    const axis = spec.horizontal ? "xAxis" : "yAxis";
    return {
      silent: true,
      symbol: "none",
      lineStyle: { color: INK2, type: "dashed" },
      label: { formatter: "目标 " + text(spec.target), color: INK, position: "insideEndTop" },
      data: [{ [axis]: num(spec.target) }],
    };
  }

  /* The axis follows the data; a target above all of it needs room made for its line. */
  function roomForTarget(spec) {
    const goal = num(spec.target);
    const highest = Math.max(...spec.series.flatMap((s) => s.values.map((v) => num(v) || 0)));
    if (goal === null || goal <= highest) return undefined;
    const step = 10 ** Math.floor(Math.log10(goal)) / 2;
    return Math.ceil((goal * 1.02) / step) * step;
  }

  draw.line = function (spec) {
    const cut = spec.forecast_from;
    const series = spec.series.flatMap((s, index) => {
      const colour = TONE[s.tone] || SERIES[index % SERIES.length];
      const one = (values, dashed, silent) => ({
        name: s.name,
        type: "line",
        symbolSize: 6,
        symbol: dashed ? "emptyCircle" : "circle",
        color: colour,
        lineStyle: { width: 2, type: dashed ? "dashed" : "solid" },
        areaStyle: s.area && !dashed ? { opacity: 0.08 } : undefined,
        connectNulls: false,
        data: values.map((value, i) => ({ value: num(value), url: s.urls && s.urls[i] })),
        markLine: index === 0 && !silent ? target(spec) : undefined,
      });
      if (cut === undefined || cut === null || s.dashed || s.forecast === false || (index > 0 && !s.forecast)) return [one(s.values, s.dashed)];
      return [
        one(s.values.map((v, i) => (i < cut ? v : null)), false),
        one(s.values.map((v, i) => (i >= cut - 1 ? v : null)), true, true),
      ];
    });
    return {
      ...base(spec),
      legend: legend(spec),
      xAxis: { ...nameAxis(spec.categories), boundaryGap: false },
      yAxis: { ...valueAxis(spec), scale: !!spec.scale, max: roomForTarget(spec) },
      tooltip: {
        ...base(spec).tooltip,
        trigger: "axis",
        formatter: (points) => {
          const seen = new Map();
          for (const p of points) if (p.value !== null && p.value !== undefined) seen.set(p.seriesName, p.value);
          const ahead = cut !== undefined && cut !== null && points[0].dataIndex >= cut;
          return tip(points[0].name + (ahead ? "（预测）" : ""), [...seen].map(([name, value]) => [name, withUnit(value, spec)]));
        },
      },
      series,
    };
  };

  draw.pie = function (spec) {
    const total = spec.items.reduce((sum, item) => sum + (num(item.value) || 0), 0);
    return {
      ...base(spec),
      tooltip: { ...base(spec).tooltip, formatter: (p) => tip(p.name, [[withUnit(p.value, spec), p.percent + "%"]]) },
      title: undefined,
      series: [{
        type: "pie",
        radius: narrow(spec) ? ["36%", "54%"] : ["46%", "68%"],
        itemStyle: { borderColor: "#fff", borderWidth: 2 },
        label: { color: INK2, lineHeight: 15, formatter: (p) => (narrow(spec) ? `${wrap(p.name, 5)}\n${text(p.value)}` : `${p.name} ${text(p.value)}`) },
        labelLine: { length: 8, length2: 8, lineStyle: { color: "#b4bfcb" } },
        data: spec.items.map((item, i) => ({ name: item.label, value: num(item.value), url: item.url, itemStyle: { color: toned(item, SERIES[i % SERIES.length]) } })),
      }, {
        type: "pie", radius: [0, 0], silent: true, tooltip: { show: false }, data: [{ value: 1 }], itemStyle: { opacity: 0 },
        label: { show: true, position: "center", formatter: `{n|${text(total)}}\n{u|${spec.unit || ""}}`, rich: { n: { fontSize: 20, fontWeight: 600, color: INK, fontFamily: FONT }, u: { fontSize: 12, color: INK3, lineHeight: 18, fontFamily: FONT } } },
      }],
    };
  };

  /* Completion against target: the bar is the share done, a tick marks what the pace expects today. */
  draw.progress = function (spec) {
    const share = (item) => (num(item.target) ? (num(item.value) || 0) / num(item.target) : 0);
    const top = Math.max(1, ...spec.items.map(share)) * 1.02;
    return {
      ...base(spec),
      grid: { left: 8, right: 8, top: 4, bottom: 4, containLabel: true },
      xAxis: { type: "value", max: top, show: false },
      yAxis: [{ ...nameAxis(spec.items.map((i) => i.label), { formatter: (v) => wrap(v, nameWidth(spec)), lineHeight: 16 }), inverse: true, axisLine: { show: false } },
        { ...nameAxis(spec.items.map((i) => `${text(i.value)} / ${text(i.target)} ${spec.unit || i.unit || ""}`), { color: INK }), inverse: true, axisLine: { show: false } }],
      tooltip: { ...base(spec).tooltip, formatter: (p) => { const i = spec.items[p.dataIndex]; const unit = { unit: spec.unit || i.unit };
        return tip(i.label, [["完成", withUnit(i.value, unit)], ["目标", withUnit(i.target, unit)], ["完成率", (share(i) * 100).toFixed(1) + "%"], ...(i.pace === undefined ? [] : [["序时应完成", withUnit(i.pace, unit)]])]); } },
      series: [
        { type: "bar", barWidth: 12, showBackground: true, backgroundStyle: { color: "#eceff3", borderRadius: 3 }, data: spec.items.map((i) => ({ value: share(i), url: i.url, itemStyle: { color: toned(i, SERIES[0]), borderRadius: 3 } })) },
        { type: "custom", silent: true, tooltip: { show: false }, z: 5, data: spec.items.map((i, n) => [i.pace !== undefined && num(i.target) ? num(i.pace) / num(i.target) : null, n]),
          renderItem: (params, api) => { if (Number.isNaN(api.value(0))) return null; const [x, y] = api.coord([api.value(0), api.value(1)]); return { type: "rect", shape: { x: x - 1, y: y - 9, width: 2, height: 18 }, style: { fill: INK } }; } },
      ],
    };
  };

  draw.interval = function (spec) {
    return {
      ...base(spec),
      grid: { left: 8, right: 40, top: 4, bottom: 4, containLabel: true },
      xAxis: { ...valueAxis(spec), name: "", scale: true },
      yAxis: { ...nameAxis(spec.items.map((i) => i.label)), inverse: true },
      tooltip: { ...base(spec).tooltip, formatter: (p) => { const i = spec.items[p.dataIndex]; return tip(i.label, [["得分", withUnit(i.value, spec)], ["区间", `${text(i.low)} 至 ${text(i.high)}`]]); } },
      series: [
        { type: "custom", z: 1, tooltip: { show: false }, encode: { x: [0, 1], y: 2 }, data: spec.items.map((i, n) => [num(i.low), num(i.high), n]),
          renderItem: (params, api) => { const a = api.coord([api.value(0), api.value(2)]); const b = api.coord([api.value(1), api.value(2)]);
            return { type: "group", children: [{ type: "rect", shape: { x: a[0], y: a[1] - 4, width: Math.max(b[0] - a[0], 1), height: 8, r: 4 }, style: { fill: "#c3d6ec" } },
              { type: "text", style: { text: text(spec.items[params.dataIndex].value), x: b[0] + 8, y: b[1], verticalAlign: "middle", fill: INK, font: `12px ${FONT}` } }] }; } },
        { type: "scatter", z: 2, symbolSize: 11, itemStyle: { color: SERIES[0], borderColor: "#fff", borderWidth: 1.5 }, data: spec.items.map((i, n) => ({ value: [num(i.value), n], url: i.url })) },
      ],
    };
  };

  draw.waterfall = function (spec) {
    let level = num(spec.start.value);
    const bars = [{ ...spec.start, from: 0, to: level, colour: SERIES[0] }];
    for (const step of spec.steps) {
      const next = level + num(step.value);
      bars.push({ ...step, from: level, to: next, colour: num(step.value) >= 0 ? TONE.green : TONE.amber, step: true });
      level = next;
    }
    bars.push({ ...spec.end, from: 0, to: num(spec.end.value), colour: SERIES[0] });
    const lows = bars.map((b) => Math.min(b.from || b.to, b.to));
    const highs = bars.map((b) => Math.max(b.from, b.to));
    const span = Math.max(...highs) - Math.min(...lows);
    // Small steps on a large stock would be invisible from zero: start the axis below the lowest bar and say so by its labels.
    const floor = span < Math.max(...highs) * 0.4 ? Math.max(0, Math.floor((Math.min(...lows) - span) / 10) * 10) : 0;
    const signed = (b) => (b.step ? (num(b.value) > 0 ? "+" : num(b.value) < 0 ? "−" : "") + text(Math.abs(num(b.value))) : text(b.value));
    return {
      ...base(spec),
      xAxis: nameAxis(bars.map((b) => b.label), { interval: 0, lineHeight: 15, formatter: (v) => wrap(v, slotWidth(spec, bars.length)) }),
      yAxis: { ...valueAxis(spec), min: floor },
      tooltip: { ...base(spec).tooltip, formatter: (p) => { const b = bars[p.dataIndex]; return tip(b.label, [[b.step ? "变动" : "数值", signed(b) + " " + (spec.unit || "")]]); } },
      series: [{
        type: "custom", clip: true, encode: { x: 0, y: [1, 2] },
        data: bars.map((b, i) => ({ value: [i, Math.max(b.from, floor), b.to], url: b.url })),
        renderItem: (params, api) => {
          const b = bars[params.dataIndex];
          const top = api.coord([api.value(0), Math.max(api.value(1), api.value(2))]);
          const bottom = api.coord([api.value(0), Math.min(api.value(1), api.value(2))]);
          const width = Math.min(api.size([1, 0])[0] * 0.56, 44);
          const rect = { x: top[0] - width / 2, y: top[1], width, height: Math.max(bottom[1] - top[1], 1.5) };
          const children = [{ type: "rect", shape: { ...rect, r: 2 }, style: { fill: b.colour } },
            { type: "text", style: { text: signed(b), x: top[0], y: top[1] - 5, align: "center", verticalAlign: "bottom", fill: INK, font: `12px ${FONT}` } }];
          if (params.dataIndex < bars.length - 1) {
            const to = api.coord([api.value(0) + 1, b.to]);
            children.push({ type: "line", shape: { x1: top[0] + width / 2, y1: to[1], x2: to[0] - width / 2, y2: to[1] }, style: { stroke: "#b4bfcb", lineWidth: 1 } });
          }
          return { type: "group", children };
        },
      }],
    };
  };

  draw.sankey = function (spec) {
    return {
      ...base(spec),
      tooltip: { ...base(spec).tooltip, formatter: (p) => tip(p.dataType === "edge" ? `${p.data.source} → ${p.data.target}` : p.name, [["", withUnit(p.value, spec)]]) },
      series: [{ type: "sankey", left: 4, right: narrow(spec) ? 84 : 110, top: 8, bottom: 20, nodeWidth: 12, nodeGap: 12, draggable: false,
        data: spec.nodes.map((n) => ({ name: n.name, said: n.label, itemStyle: { color: SERIES[n.colour % SERIES.length] } })),
        links: spec.links.map((l) => ({ source: l.source, target: l.target, value: num(l.value), url: l.url })),
        lineStyle: { color: "source", opacity: 0.22 }, label: { color: INK, lineHeight: 14, fontSize: narrow(spec) ? 11 : 12, formatter: (p) => (narrow(spec) ? `${wrap(p.data.said, 8)}\n${text(p.value)}` : `${p.data.said} ${text(p.value)}`) } }],
    };
  };

  draw.gauge = function (spec) {
    const done = num(spec.value);
    const goal = num(spec.target) || 1;
    return {
      ...base(spec),
      series: [{ type: "gauge", startAngle: 200, endAngle: -20, min: 0, max: Math.max(goal, done), radius: "95%", center: ["50%", "62%"],
        pointer: { show: false }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { show: false },
        progress: { show: true, width: 14, itemStyle: { color: toned(spec, SERIES[0]) } }, axisLine: { lineStyle: { width: 14, color: [[1, "#e7ebf0"]] } },
        title: { offsetCenter: [0, "32%"], color: INK3, fontSize: 13 },
        detail: { offsetCenter: [0, "-6%"], formatter: `{v|${text(spec.value)}}{u| ${spec.unit || ""}}`, rich: { v: { fontSize: 26, fontWeight: 600, color: INK, fontFamily: FONT }, u: { fontSize: 13, color: INK3, fontFamily: FONT } } },
        data: [{ value: done, name: `${spec.label || "目标"} ${text(spec.target)} ${spec.unit || ""}`, url: spec.url }] }],
    };
  };

  draw.radar = function (spec) {
    return {
      ...base(spec),
      legend: legend(spec),
      tooltip: { ...base(spec).tooltip, formatter: (p) => tip(p.name, spec.axes.map((a, i) => [a.label, text(p.value[i])])) },
      radar: { indicator: spec.axes.map((a) => ({ name: a.label, max: num(a.max) })), radius: narrow(spec) ? "50%" : "66%", center: ["50%", narrow(spec) ? "58%" : "56%"], axisName: { color: INK2 }, splitArea: { show: false }, splitLine: { lineStyle: { color: LINE } }, axisLine: { lineStyle: { color: LINE } } },
      series: [{ type: "radar", symbolSize: 4, areaStyle: { opacity: 0.1 }, data: spec.series.map((s) => ({ name: s.name, value: s.values.map(num) })) }],
    };
  };

  draw.heatmap = function (spec) {
    const values = spec.cells.map((c) => num(c[2])).filter((v) => v !== null);
    return {
      ...base(spec),
      grid: { left: 8, right: 8, top: 4, bottom: 4, containLabel: true },
      xAxis: { ...nameAxis(spec.columns), position: "top", axisLine: { show: false } },
      yAxis: { ...nameAxis(spec.rows), inverse: true, axisLine: { show: false } },
      visualMap: { show: false, min: Math.min(...values), max: Math.max(...values), inRange: { color: RAMP } },
      tooltip: { ...base(spec).tooltip, formatter: (p) => tip(`${spec.rows[p.value[1]]} · ${spec.columns[p.value[0]]}`, [["", withUnit(p.value[2], spec)]]) },
      series: [{ type: "heatmap", label: { show: true, color: INK, formatter: (p) => text(p.value[2]) }, itemStyle: { borderColor: "#fff", borderWidth: 2 }, data: spec.cells.map((c) => ({ value: [c[0], c[1], num(c[2])], url: c[3] })) }],
    };
  };

  draw.scatter = function (spec) {
    return {
      ...base(spec),
      xAxis: { ...valueAxis({}), name: spec.x_label || "", nameLocation: "middle", nameGap: 26, nameTextStyle: { color: INK3 }, scale: true },
      yAxis: { ...valueAxis({}), name: spec.y_label || "", nameTextStyle: { color: INK3 }, scale: true },
      grid: { left: 8, right: 24, top: 32, bottom: 24, containLabel: true },
      tooltip: { ...base(spec).tooltip, formatter: (p) => tip(p.data.name, [[spec.x_label || "横轴", text(p.value[0])], [spec.y_label || "纵轴", text(p.value[1])]]) },
      series: [{ type: "scatter", symbolSize: 12, itemStyle: { opacity: 0.85 }, label: { show: true, position: "top", color: INK2, formatter: (p) => p.data.name }, labelLayout: { hideOverlap: true }, data: spec.items.map((i) => ({ name: i.label, value: [num(i.x), num(i.y)], url: i.url })) }],
    };
  };

  keji.chartParts = { draw, base, num, text, tip, withUnit, token, INK, INK2, INK3, FONT, RAMP };

  function option(spec) {
    const make = draw[spec.kind] || (keji.mapOption && spec.kind === "map" && keji.mapOption);
    if (!make) throw new Error("unknown chart kind: " + spec.kind);
    return make(spec);
  }

  async function mount(box) {
    const spec = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    if (spec.kind === "map") await keji.loadMap();
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    // Names wrap by the width they are given, so a turned phone draws again.
    const redraw = () => chart.setOption(option({ ...spec, width: box.clientWidth }), true);
    redraw();
    if (spec.kind === "map") keji.noteMap(box);
    chart.on("click", (event) => {
      const url = event.data && event.data.url;
      if (url) location.assign(url);
    });
    chart.on("mousemove", (event) => chart.getZr().setCursorStyle(event.data && event.data.url ? "pointer" : "default"));
    let width = box.clientWidth;
    new ResizeObserver(() => {
      chart.resize();
      if (Math.abs(box.clientWidth - width) > 40) {
        width = box.clientWidth;
        redraw();
      }
    }).observe(box);
  }

  keji.drawCharts = function (root) {
    root.querySelectorAll(".chart[data-chart]:not([data-drawn])").forEach((box) => {
      box.dataset.drawn = "yes";
      mount(box);
    });
  };
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll(".chart[data-drawn]").forEach((box) => {
      const chart = window.echarts.getInstanceByDom(box);
      if (chart) chart.resize({ animation: { duration: 0 } });
    });
  });
})();
