/* The county map of charts.js: outlines from luan.geo.json (replaceable), the development zone as a labelled point. */
(function () {
  "use strict";
  const keji = (window.keji = window.keji || {});
  const { base, num, text, tip, withUnit, INK, INK2, INK3, RAMP } = keji.chartParts;
  let outlines = null;

  keji.loadMap = async function () {
    if (outlines) return;
    const answer = await fetch(document.body.dataset.geo, { credentials: "same-origin" });
    outlines = await answer.json();
    window.echarts.registerMap("city", { type: "FeatureCollection", features: outlines.features });
  };

  keji.noteMap = function (box) {
    const line = document.createElement("p");
    line.className = "chart-note";
    line.textContent = outlines.note;
    box.after(line);
  };

  /* A record may call a place by code or by name; the map file knows both, and other names a point goes by. */
  function placed(item) {
    const feature = outlines.features.find((f) => (item.code && f.properties.code === item.code) || f.properties.name === item.name);
    return feature ? feature.properties.name : null;
  }
  function pointOf(item) {
    if (item.lng !== undefined) return item;
    const known = outlines.points.find((p) => (item.code && p.code === item.code) || [p.name, ...(p.also || [])].includes(item.name));
    return known && { ...item, lng: known.lng, lat: known.lat };
  }

  keji.mapOption = function (spec) {
    const areas = spec.items.map((item) => ({ ...item, value: num(item.value), place: placed(item) }));
    const dots = [...(spec.points || []), ...areas.filter((a) => !a.place)].map(pointOf).filter(Boolean);
    const known = [...areas, ...dots].map((a) => num(a.value)).filter((v) => v !== null);
    const low = Math.min(...known, Infinity);
    const high = Math.max(...known, -Infinity);
    const label = (name, value) => `${name}\n${text(value)}`;
    return {
      ...base(spec),
      tooltip: { ...base(spec).tooltip, formatter: (p) => tip(p.name, [[spec.value_label || "数值", withUnit(Array.isArray(p.value) ? p.value[2] : p.value, spec)]]) },
      visualMap: { min: low, max: low === high ? low + 1 : high, left: 4, top: 8, itemWidth: 10, itemHeight: 72, calculable: false, seriesIndex: [0], inRange: { color: RAMP }, text: [text(high), text(low)], textStyle: { color: INK3 } },
      geo: { map: "city", roam: false, top: 12, bottom: 12, aspectScale: 0.85, silent: false, itemStyle: { areaColor: "#f3f5f8", borderColor: "#fff", borderWidth: 1.2 }, emphasis: { disabled: true }, label: { show: false } },
      series: [
        { type: "map", geoIndex: 0, map: "city", data: areas.filter((a) => a.place).map((a) => ({ name: a.place, value: a.value, url: a.url })) },
        { type: "scatter", coordinateSystem: "geo", z: 4, symbolSize: 1, silent: true, tooltip: { show: false },
          data: outlines.features.map((f) => ({ name: f.properties.name, value: [...centre(f), (areas.find((a) => a.place === f.properties.name) || {}).value ?? null] })),
          label: { show: true, color: INK, lineHeight: 16, fontSize: 12, formatter: (p) => label(p.name, p.value[2]) } },
        { type: "scatter", coordinateSystem: "geo", z: 5, symbol: "pin", symbolSize: 20, itemStyle: { color: "#1b4f91", borderColor: "#fff" },
          data: dots.map((d) => ({ name: d.name, value: [d.lng, d.lat, num(d.value)], url: d.url })),
          label: { show: true, position: "right", color: INK, lineHeight: 15, fontSize: 12, textBorderColor: "#fff", textBorderWidth: 3, formatter: (p) => `${p.name} ${text(p.value[2])}` } },
        { type: "custom", coordinateSystem: "geo", silent: true, tooltip: { show: false }, z: 3, data: [[0, 0]],
          renderItem: (params, api) => ({ type: "polyline", shape: { points: outlines.outline.map((c) => api.coord(c)) }, style: { stroke: INK2, lineWidth: 1, fill: "none", opacity: 0.55 } }) },
      ],
    };
  };

  /* Area centroid of the largest ring: the middle of the bounding box may fall outside a bent county. */
  function centre(feature) {
    if (feature.properties.centre) return feature.properties.centre;
    const ring = feature.geometry.coordinates.map((p) => p[0]).sort((a, b) => b.length - a.length)[0];
    let area = 0, x = 0, y = 0;
    for (let i = 0; i < ring.length - 1; i++) {
      const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
      area += cross;
      x += (ring[i][0] + ring[i + 1][0]) * cross;
      y += (ring[i][1] + ring[i + 1][1]) * cross;
    }
    return [x / (3 * area), y / (3 * area)];
  }
})();
