package trade

import (
	"bytes"
	"math"
	"strconv"
)

// Numbers are read from bytes without making text of them.

func digits(b []byte) (uint32, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := uint32(0)
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint32(c-'0')
	}
	return n, true
}

var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimal reads a finite number. Up to fifteen digits take the quick way, which rounds as the long way does: both the digits and the power
// of ten are exact, and one division rounds once.
func decimal(b []byte) (float64, bool) {
	n, count, point := uint64(0), 0, -1
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + uint64(c-'0')
			count++
		case c == '.' && point < 0:
			point = i
		default:
			return slowDecimal(b)
		}
		if count > 15 {
			return slowDecimal(b)
		}
	}
	switch {
	case count == 0:
		return 0, false
	case point < 0:
		return float64(n), true
	}
	return float64(n) / powers[len(b)-1-point], true
}

func slowDecimal(b []byte) (float64, bool) {
	x, err := strconv.ParseFloat(string(bytes.TrimSpace(b)), 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}
