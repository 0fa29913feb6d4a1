/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Draws the charts of a page from the data beside it. The tables have been there before; whatever comes from a scenario
 * is set as text and never as markup. One function a kind of chart; each is given its figure and its data.
 */
(function () {
'use strict';

const DASHES = [null, [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [4, 4], [1, 2], [10, 2, 2, 2, 2, 2]];
const COLOURS = 8;

function element(name, parent, text) {
	const made = document.createElement(name);

	if (text !== undefined)
		made.textContent = text;
	if (parent)
		parent.appendChild(made);
	return made;
}

function colour(name) {
	return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

/* Three significant digits and a unit, as everywhere on the page. */
function duration(ns) {
	const units = [[1e9, 's'], [1e6, 'ms'], [1e3, 'us'], [1, 'ns']];

	if (!ns)
		return '0';
	for (const [size, name] of units)
		if (ns >= size * 0.9995 || size === 1)
			return threeDigits(ns / size) + ' ' + name;
	return '';
}

function threeDigits(value) {
	const magnitude = Math.abs(value);

	return value.toFixed(magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2);
}

/* For an axis: 10 us, not 10.0 us. */
function tickDuration(ns) {
	return duration(ns).replace(/\.0+ /, ' ').replace(/(\.\d*?)0+ /, '$1 ');
}

function percent(share) {
	return (share > 0 ? '+' : '') + share.toFixed(Math.abs(share) < 10 ? 1 : 0) + ' %';
}

/* At p = 1 - 10^-x, with as many nines as there are. */
function percentile(x) {
	const digits = Math.max(0, Math.ceil(x) - 2) + (x % 1 ? 1 : 0);

	return (100 * (1 - Math.pow(10, -x))).toFixed(Math.min(digits + (x < 1 ? 1 : 0), 8)) + ' %';
}

/* ---- axes ---- */

/* Those that have room for their words, from the right: the tail is what one looks for. */
function spaced(ticks, pixelsOf) {
	const kept = [];

	for (const tick of ticks.reverse())
		if (!kept.length || pixelsOf(kept[0].v - tick.v) > 8 + 7 * (kept[0].label.length + tick.label.length) / 2)
			kept.unshift(tick);
	return kept;
}

/* 50 %, 90 %, 99 % … within [from, to]. */
function nineTicks(from, to, pixels) {
	const ticks = [{v: 0, label: '0 %'}, {v: Math.log10(2), label: '50 %'}];

	for (let nines = 1; nines <= 12; nines++)
		ticks.push({v: nines, label: nines < 2 ? '90 %' : nines < 3 ? '99 %' : '99.' + '9'.repeat(nines - 2) + ' %'});
	return spaced(ticks.filter(tick => tick.v >= from - 1e-9 && tick.v <= to + 1e-9),
		      width => width / (to - from) * pixels);
}

/* 1, 2, 5 of each decade while there is room, else the decades. */
function decadeTicks(from, to, room) {
	const first = Math.floor(Math.log10(from)), last = Math.ceil(Math.log10(to));
	const fine = (last - first) * 3 * 22 < room;
	const ticks = [];

	for (let decade = first; decade <= last; decade++)
		for (const factor of fine ? [1, 2, 5] : [1]) {
			const value = factor * Math.pow(10, decade);

			if (value >= from && value <= to)
				ticks.push({v: value, label: tickDuration(value)});
		}
	return ticks;
}

/* ---- what all dygraphs here have in common ---- */

/* A piece of its line before each name: colour and dashes. */
function sample(parent, look) {
	const space = 'http://www.w3.org/2000/svg';
	const picture = document.createElementNS(space, 'svg'), line = document.createElementNS(space, 'line');

	picture.setAttribute('width', '34');
	picture.setAttribute('height', '10');
	picture.setAttribute('aria-hidden', 'true');
	for (const [key, value] of Object.entries({x1: 0, y1: 5, x2: 34, y2: 5, stroke: look.colour,
						    'stroke-width': look.width,
						    'stroke-dasharray': (look.dash || []).join(' ')}))
		line.setAttribute(key, value);
	picture.appendChild(line);
	parent.appendChild(picture);
}

/*
 * What all runs add up to is thick. Where there are several sides, a colour is a side's; else each line has its own. The
 * dashes differ from line to line in any case.
 */
function styles(lines) {
	const sides = new Set(lines.map(line => line.side)).size;

	return lines.map((line, index) => ({
		colour: colour('line-' + (1 + (sides > 1 ? line.side : index) % COLOURS)),
		width: line.main ? 3.5 : 1.3,
		dash: DASHES[(line.main ? line.side : index) % DASHES.length],
	}));
}

function controls(figure, legend) {
	const set = element('fieldset', figure);

	set.className = 'controls';
	set.setAttribute('aria-label', legend);
	return set;
}

/* An axis without a line has no range of its own, and a logarithmic one would complain. */
function showLines(chart, lines, more) {
	const any = lines.some(line => line.shown);

	chart.updateOptions(Object.assign({visibility: lines.map(line => line.shown), valueRange: any ? null : [1, 10]}, more));
}

/* A checkbox a line; @more: options that change with the lines shown. */
function toggles(figure, chart, lines, looks, more) {
	const set = controls(figure, 'Lines shown');

	lines.forEach((line, index) => {
		const label = element('label', set), box = element('input', label);

		box.type = 'checkbox';
		box.checked = line.shown;
		box.addEventListener('change', () => {
			line.shown = box.checked;
			showLines(chart, lines, more());
		});
		sample(label, looks[index]);
		element('bdi', label, line.name);
	});
}

/* Buttons for what the mouse does by dragging. @right: where the lines shown end. */
function ranges(figure, chart, right) {
	const set = controls(figure, 'Part of the axis shown');

	for (const [name, left] of [['All percentiles', 0], ['From 90 %', 1], ['From 99 %', 2]]) {
		const button = element('button', set, name);

		button.type = 'button';
		button.addEventListener('click', () =>
			chart.updateOptions({dateWindow: [left, Math.max(right(), left + 0.1)], valueRange: null}));
	}
}

/* The values under the mouse or the keyboard's cursor, read out as text. */
function readout(figure) {
	const line = element('p', figure);

	line.className = 'readout';
	line.setAttribute('role', 'status');
	return line;
}

/* "99 %  response: 1.20 us  run-001: 1.10 us". */
function readLines(line, where, lines, index) {
	line.textContent = '';
	element('strong', line, where);
	for (const each of lines) {
		const value = each.values[index];

		if (!each.shown || value === undefined || value === null)
			continue;
		line.append('  ');
		element('bdi', line, each.name);
		line.append(': ' + duration(value));
	}
}

/* Left and right move a cursor over the rows of a chart; @read: says a row. */
function keyboard(plot, chart, label, read) {
	let row = -1;

	plot.tabIndex = 0;
	plot.setAttribute('role', 'application');
	plot.setAttribute('aria-label', label + ': the arrow keys read the values');
	plot.addEventListener('keydown', event => {
		const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];

		if (!step)
			return;
		event.preventDefault();
		row = Math.min(Math.max(row + step, 0), chart.numRows() - 1);
		chart.setSelection(row);
		read(row);
	});
	plot.addEventListener('blur', () => chart.clearSelection());
}

function options(looks, more) {
	return Object.assign({
		legend: 'never',
		colors: looks.map(look => look.colour),
		axisLineColor: colour('soft'),
		gridLineColor: colour('rule'),
		highlightCircleSize: 3,
		strokeBorderWidth: 0,
		connectSeparatedPoints: false,
		animatedZooms: false,
		rightGap: 36,
		yRangePad: 10,
	}, more);
}

function seriesOptions(names, looks) {
	const series = {};

	names.forEach((name, index) => {
		series[name] = {strokeWidth: looks[index].width, strokePattern: looks[index].dash};
	});
	return series;
}

/* dygraphs needs names that differ. */
function distinct(lines) {
	const seen = new Map();

	return lines.map(line => {
		const count = (seen.get(line.name) || 0) + 1;

		seen.set(line.name, count);
		return count > 1 ? line.name + ' (' + count + ')' : line.name;
	});
}

/* One row an x, a column a line; null where a line has ended. */
function rows(lines, xOf) {
	const count = Math.max(0, ...lines.map(line => line.values.length));

	return Array.from({length: count}, (unused, index) =>
		[xOf(index)].concat(lines.map(line => index < line.values.length ? line.values[index] : null)));
}

function plotOf(figure) {
	const plot = element('div', figure);

	plot.className = 'plot';
	figure.classList.add('drawn');
	return plot;
}

/* ---- the kinds of charts ---- */

function drawSpectrum(figure, data) {
	const lines = data.lines, names = distinct(lines), looks = styles(lines);
	const table = rows(lines, step => step / data.steps);
	const plot = plotOf(figure), line = readout(figure);
	const read = row => readLines(line, percentile(row / data.steps), lines, row);
	const right = () => Math.max(1, ...lines.map(each => each.shown ? each.values.length - 1 : 0)) / data.steps;
	const chart = new Dygraph(plot, table, options(looks, {
		labels: ['x'].concat(names),
		visibility: lines.map(each => each.shown),
		series: seriesOptions(names, looks),
		dateWindow: [0, right()],
		logscale: true,
		xlabel: 'percentile of the operations',
		ylabel: 'latency',
		axes: {
			x: {ticker: nineTicks, axisLabelWidth: 70},
			y: {ticker: decadeTicks, axisLabelWidth: 62},
		},
		highlightCallback: (event, x) => read(Math.round(x * data.steps)),
	}));

	keyboard(plot, chart, data.name, read);
	ranges(figure, chart, right);
	toggles(figure, chart, lines, looks, () => ({dateWindow: [0, right()]}));
}

function drawShift(figure, data) {
	const style = {colour: colour('line-1'), width: 2, dash: null};
	const table = data.quantiles.map((q, index) =>
		[index, data.ratios.slice(3 * index, 3 * index + 3).map(ratio => 100 * (ratio - 1))]);
	const plot = plotOf(figure), line = readout(figure);
	const read = row => readShift(line, name(row), table[row]);
	const name = index => 'p' + +(100 * data.quantiles[index]).toFixed(3);
	const chart = new Dygraph(plot, table, options([style], {
		labels: ['x', 'change'],
		customBars: true,
		fillAlpha: 0.25,
		drawPoints: true,
		pointSize: 3,
		strokeWidth: 2,
		includeZero: true,
		xRangePad: 12,
		xlabel: 'percentile of a run',
		ylabel: 'change in latency',
		axes: {
			x: {ticker: (from, to, pixels) => spaced(data.quantiles.map((q, index) => ({v: index, label: name(index)})),
								width => width / (to - from) * pixels), axisLabelWidth: 44},
			y: {axisLabelFormatter: percent, axisLabelWidth: 62},
		},
		underlayCallback: (context, area, graph) => zeroLine(context, area, graph),
		highlightCallback: (event, x) => read(x),
	}));

	keyboard(plot, chart, data.name, read);
}

function zeroLine(context, area, graph) {
	const y = graph.toDomYCoord(0);

	context.strokeStyle = colour('ink');
	context.lineWidth = 1.5;
	context.setLineDash([6, 4]);
	context.beginPath();
	context.moveTo(area.x, y);
	context.lineTo(area.x + area.w, y);
	context.stroke();
	context.setLineDash([]);
}

function readShift(line, name, row) {
	line.textContent = name + ': ' + percent(row[1][1]) + ', band ' + percent(row[1][0]) + ' to ' + percent(row[1][2]);
}

function drawSweep(figure, data) {
	const lines = data.lines, names = distinct(lines), looks = styles(lines);
	const plot = plotOf(figure), line = readout(figure);
	const read = row => readLines(line, (row + 1) + '. ' + data.cells[row], lines, row);
	const chart = new Dygraph(plot, rows(lines, index => index + 1), options(looks, {
		labels: ['x'].concat(names),
		series: seriesOptions(names, looks),
		logscale: true,
		drawPoints: true,
		pointSize: 3,
		xRangePad: 16,
		xlabel: 'number of the cell',
		ylabel: 'latency',
		axes: {
			x: {ticker: (from, to, pixels) => spaced(data.cells.map((cell, index) => ({v: index + 1, label: String(index + 1)})),
								width => width / (to - from) * pixels)},
			y: {ticker: decadeTicks, axisLabelWidth: 62},
		},
		highlightCallback: (event, x) => read(x - 1),
	}));

	keyboard(plot, chart, data.name, read);
	toggles(figure, chart, lines, looks, () => ({}));
}

/* ---- the heat map ---- */

const MARGIN = {left: 64, right: 12, top: 22, bottom: 40};

/* Where what lies on the canvas, in CSS pixels. */
function heatLayout(canvas, data) {
	const used = data.cells.filter((value, index) => index % 3 === 1);
	const low = Math.min(...used), high = Math.max(...used) + 1;
	const box = canvas.getBoundingClientRect();
	const width = box.width - MARGIN.left - MARGIN.right, height = box.height - MARGIN.top - MARGIN.bottom;

	return {
		low, high, width, height,
		x: seconds => MARGIN.left + seconds / data.end_s * width,
		y: row => MARGIN.top + (1 - (row - low) / (high - low)) * height,
	};
}

function mix(low, high, share) {
	const part = (text, at) => parseInt(text.slice(1 + 2 * at, 3 + 2 * at), 16);

	return 'rgb(' + [0, 1, 2].map(at => Math.round(part(low, at) + (part(high, at) - part(low, at)) * share)).join(',') + ')';
}

function heatCells(context, data, layout) {
	const most = Math.log1p(Math.max(...data.cells.filter((value, index) => index % 3 === 2)));
	const low = colour('heat-low'), high = colour('heat-high');

	/* Time of which the log says something, even if only that nothing ended in it. */
	context.fillStyle = colour('raised');
	for (let at = 0; at < data.columns.length; at += 2)
		context.fillRect(layout.x(data.columns[at]), MARGIN.top,
				 layout.x(data.columns[at + 1]) - layout.x(data.columns[at]), layout.height);
	for (let at = 0; at < data.cells.length; at += 3) {
		const [column, row, count] = data.cells.slice(at, at + 3);
		const left = layout.x(data.columns[2 * column]), right = layout.x(data.columns[2 * column + 1]);

		context.fillStyle = mix(low, high, Math.log1p(count) / most);
		context.fillRect(left, layout.y(row + 1), Math.max(right - left, 1), layout.y(row) - layout.y(row + 1));
	}
}

/* Hatched and named: not told by colour alone. */
function heatPhases(context, data, layout) {
	let free = 0;

	context.textBaseline = 'top';
	for (const phase of data.phases) {
		const left = layout.x(phase.from_s), right = layout.x(Math.min(phase.to_s, data.end_s));
		const name = phase.name + (phase.fault ? ' (faults)' : '');

		if (phase.fault)
			hatch(context, left, right, layout);
		context.strokeStyle = colour('soft');
		context.strokeRect(left, MARGIN.top, 0, layout.height);
		context.fillStyle = colour('ink');
		if (left < free || context.measureText(name).width > Math.max(right - left, 0) + 40)
			continue;
		context.fillText(name, left + 3, 6);
		free = left + 6 + context.measureText(name).width;
	}
}

function hatch(context, left, right, layout) {
	context.save();
	context.beginPath();
	context.rect(left, MARGIN.top, Math.max(right - left, 2), layout.height);
	context.clip();
	context.strokeStyle = colour('bad');
	context.globalAlpha = 0.45;
	for (let x = left - layout.height; x < right; x += 9) {
		context.beginPath();
		context.moveTo(x, MARGIN.top + layout.height);
		context.lineTo(x + layout.height, MARGIN.top);
		context.stroke();
	}
	context.restore();
}

/* 1, 2 or 5 times a power of ten, so that at most @count steps fit. */
function niceStep(span, count) {
	const raw = span / count, power = Math.pow(10, Math.floor(Math.log10(raw)));

	return [1, 2, 5, 10].find(factor => factor * power >= raw) * power;
}

function heatAxes(context, data, layout) {
	const step = niceStep(data.end_s, Math.max(2, Math.floor(layout.width / 70)));
	const decade = data.rows_a_decade;

	context.fillStyle = colour('ink');
	context.textAlign = 'right';
	context.textBaseline = 'middle';
	for (let row = Math.ceil(layout.low / decade) * decade; row <= layout.high; row += decade) {
		context.fillText(tickDuration(Math.pow(10, row / decade)), MARGIN.left - 6, layout.y(row));
		context.fillRect(MARGIN.left - 4, layout.y(row), 4, 1);
	}
	context.textAlign = 'center';
	context.textBaseline = 'top';
	for (let at = 0; at <= data.end_s * 1.0001; at += step) {
		context.fillText(+at.toPrecision(4) + ' s', Math.max(layout.x(at), MARGIN.left + 8), MARGIN.top + layout.height + 6);
		context.fillRect(layout.x(at), MARGIN.top + layout.height, 1, 4);
	}
	context.fillStyle = colour('soft');
	context.fillText('time in the run', MARGIN.left + layout.width / 2, MARGIN.top + layout.height + 22);
	context.textAlign = 'left';
}

function paintHeat(canvas, data, cursor) {
	const scale = window.devicePixelRatio || 1, context = canvas.getContext('2d');
	const box = canvas.getBoundingClientRect();

	canvas.width = box.width * scale;
	canvas.height = box.height * scale;
	context.scale(scale, scale);
	context.font = '12px system-ui, "DejaVu Sans", sans-serif';
	const layout = heatLayout(canvas, data);

	heatCells(context, data, layout);
	heatPhases(context, data, layout);
	heatAxes(context, data, layout);
	if (cursor >= 0) {
		context.strokeStyle = colour('ink');
		context.lineWidth = 2;
		const left = layout.x(data.columns[2 * cursor]);

		context.strokeRect(left, MARGIN.top, layout.x(data.columns[2 * cursor + 1]) - left, layout.height);
	}
	return layout;
}

function seconds(value) {
	return +value.toFixed(3) + ' s';
}

/* The column at a time; the nearest before it where there is a gap. */
function columnAt(data, time) {
	let column = data.columns.length / 2 - 1;

	while (column > 0 && data.columns[2 * column] > time)
		column--;
	return column;
}

function readColumn(line, data, column) {
	let count = 0, top = -1;

	for (let index = 0; index < data.cells.length; index += 3)
		if (data.cells[index] === column) {
			count += data.cells[index + 2];
			top = Math.max(top, data.cells[index + 1]);
		}
	line.textContent = seconds(data.columns[2 * column]) + ' to ' + seconds(data.columns[2 * column + 1]) + ': ' +
		(count ? count.toLocaleString('en') + ' operations, the slowest below ' +
			duration(Math.pow(10, (top + 1) / data.rows_a_decade)) : 'no operation');
}

function drawHeat(figure, data) {
	const canvas = element('canvas', figure), line = readout(figure);
	let cursor = -1, layout;
	const move = column => {
		cursor = Math.min(Math.max(column, 0), data.columns.length / 2 - 1);
		layout = paintHeat(canvas, data, cursor);
		readColumn(line, data, cursor);
	};

	figure.classList.add('drawn');
	canvas.tabIndex = 0;
	canvas.setAttribute('role', 'img');
	canvas.setAttribute('aria-label', data.name + ': a heat map; the arrow keys read its columns, the table below has its values');
	canvas.addEventListener('keydown', event => {
		const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];

		if (!step)
			return;
		event.preventDefault();
		move(cursor + step);
	});
	canvas.addEventListener('click', event =>
		move(columnAt(data, (event.offsetX - MARGIN.left) / layout.width * data.end_s)));
	layout = paintHeat(canvas, data, cursor);
	figure.redraw = () => { layout = paintHeat(canvas, data, cursor); };
}

/* ---- */

const KINDS = {spectrum: drawSpectrum, shift: drawShift, sweep: drawSweep, heat: drawHeat};

/* Again, too, when the colours change: lines that were switched off stay off. */
function draw(chart) {
	const figure = document.getElementById(chart.id);

	while (figure.children.length > 1)
		figure.lastChild.remove();
	KINDS[chart.kind](figure, chart);
}

const charts = JSON.parse(document.getElementById('data').textContent).charts;

/* Its legend writes style attributes, which the page's policy refuses. */
Dygraph.PLUGINS = Dygraph.PLUGINS.filter(plugin => plugin !== Dygraph.Plugins.Legend);
charts.forEach(draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(draw));
addEventListener('resize', () => document.querySelectorAll('figure.heat').forEach(figure => figure.redraw && figure.redraw()));
}());
