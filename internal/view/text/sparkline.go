package text

import "math"

var sparks = []rune("▁▂▃▄▅▆▇█")

// sparkline draws numbers as bars, the smallest as the lowest one. What is
// absent (NaN) is a gap. Numbers that are all the same stand in the middle.
func sparkline(numbers []float64) string {
	least, most := bounds(numbers)
	bars := make([]rune, len(numbers))
	for i, n := range numbers {
		switch {
		case math.IsNaN(n):
			bars[i] = ' '
		case most == least:
			bars[i] = sparks[len(sparks)/2-1]
		default:
			bars[i] = sparks[int(math.Round((n-least)/(most-least)*float64(len(sparks)-1)))]
		}
	}
	return string(bars)
}

// bounds are the smallest and the largest number; least is larger than most
// where all are absent.
func bounds(numbers []float64) (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for _, n := range numbers {
		if !math.IsNaN(n) {
			least, most = min(least, n), max(most, n)
		}
	}
	return least, most
}
