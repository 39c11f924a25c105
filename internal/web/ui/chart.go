package ui

import "github.com/a-h/templ"

// ChartProps are a chart with everything that must stand beside it.
type ChartProps struct {
	ID string
	// Title is the finding, or what is measured.
	Title string
	// Drawing is a chart of platform/chart, which escapes every text in it.
	Drawing templ.Component
	// Source says where the figures come from, how many and of what day.
	Source string
	// Table has the same facts as the chart.
	Table templ.Component
	// SVGHref leads to the chart as a file, CSVHref to its table as one.
	SVGHref string
	CSVHref string
}
