package trade

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"lodestone/internal/exposure"
)

// The flows that the program carries are packed by columns, a part a customs line, so that a question reads what it needs without unpacking text: a sheet
// on a country opens eleven lines over 23 years in a few milliseconds. The bytes are about as many as compressed text has. Numbers are the same to the
// last bit: a value is kept as a whole number and divided as the text was. Rows stand by year and importer, with the order of the file within each.
//
// A part is a head (packedMark, the customs line, the decimals and the scale of values, the decimals of masses, the country codes), the number of rows, and
// five columns: year and importer in runs, exporter, value, and mass plus one (0: not given). All numbers are unsigned varints.
const packedMark = "flows 1\n"

// packedScale is how the numbers of a part become dollars or tonnes: n/10^decimals·scale.
type packedScale struct{ decimals, scale uint64 }

func (p packedScale) of(n uint64) float64 {
	return float64(n) / powers[p.decimals] * float64(p.scale)
}

// packedScales are the ways in which the carried files write numbers: whole, and BACI's thousands of dollars and tonnes with three decimals.
var packedScales = []packedScale{{0, 1}, {3, 1000}, {3, 1}}

// scaleFor finds how all numbers of a column can be kept.
func scaleFor(numbers []float64) (packedScale, error) {
	for _, p := range packedScales {
		if !slices.ContainsFunc(numbers, func(x float64) bool { _, ok := p.whole(x); return !ok }) {
			return p, nil
		}
	}
	return packedScale{}, fmt.Errorf("numbers with more decimals than the packed form keeps")
}

// whole is the number that stands for x, where it comes back to the last bit.
func (p packedScale) whole(x float64) (uint64, bool) {
	n := math.Round(x / float64(p.scale) * powers[p.decimals])
	if !(n >= 0 && n < 1<<53) {
		return 0, false
	}
	return uint64(n), p.of(uint64(n)) == x
}

// PackFlows packs the flows of one line. Importers of a year stand in the order that rank gives.
func PackFlows(line uint32, flows []exposure.Flow, rank func(code string) int) ([]byte, error) {
	flows = slices.Clone(flows)
	slices.SortStableFunc(flows, func(a, b exposure.Flow) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(rank(a.To), rank(b.To)))
	})
	var values, masses []float64
	var codes []string
	number := map[string]uint64{}
	for _, f := range flows {
		values = append(values, f.Value)
		if exposure.Known(f.Mass) {
			masses = append(masses, f.Mass)
		}
		for _, code := range []string{f.From, f.To} {
			if _, ok := number[code]; !ok {
				number[code] = uint64(len(codes))
				codes = append(codes, code)
			}
		}
	}
	value, err := scaleFor(values)
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	mass, err := scaleFor(masses)
	if err != nil {
		return nil, fmt.Errorf("masses: %w", err)
	}
	out := []byte(packedMark)
	add := func(n uint64) { out = binary.AppendUvarint(out, n) }
	for _, n := range []uint64{uint64(line), value.decimals, value.scale, mass.decimals, mass.scale, uint64(len(codes))} {
		add(n)
	}
	for _, code := range codes {
		add(uint64(len(code)))
		out = append(out, code...)
	}
	add(uint64(len(flows)))
	runs := func(of func(*exposure.Flow) uint64) {
		for i := 0; i < len(flows); {
			j := i
			for j < len(flows) && of(&flows[j]) == of(&flows[i]) {
				j++
			}
			add(of(&flows[i]))
			add(uint64(j - i))
			i = j
		}
	}
	runs(func(f *exposure.Flow) uint64 { return uint64(f.Year) })
	runs(func(f *exposure.Flow) uint64 { return number[f.To] })
	for _, f := range flows {
		add(number[f.From])
	}
	for _, f := range flows {
		n, _ := value.whole(f.Value)
		add(n)
	}
	for _, f := range flows {
		if !exposure.Known(f.Mass) {
			add(0)
			continue
		}
		n, _ := mass.whole(f.Mass)
		add(n + 1)
	}
	return out, nil
}

// unpackFlows reads a part that PackFlows made.
func unpackFlows(data []byte) ([]exposure.Flow, error) {
	if len(data) < len(packedMark) || string(data[:len(packedMark)]) != packedMark {
		return nil, fmt.Errorf("is no packed part: it does not begin with %q", packedMark)
	}
	p := packed{data: data[len(packedMark):]}
	line := p.next(999_999)
	value := packedScale{p.next(uint64(len(powers) - 1)), p.next(math.MaxUint32)}
	mass := packedScale{p.next(uint64(len(powers) - 1)), p.next(math.MaxUint32)}
	codes := make([]string, p.next(uint64(len(p.data))))
	for i := range codes {
		codes[i] = p.text(p.next(16))
	}
	rows := p.next(uint64(len(p.data)) / 3) // a row has at least an exporter, a value and a mass
	if p.bad || rows > 0 && len(codes) == 0 {
		return nil, fmt.Errorf("the head of a packed part cannot be read")
	}
	flows := make([]exposure.Flow, rows)
	name, most := fmt.Sprintf("%06d", line), uint64(len(codes))-1
	p.runs(len(flows), 9999, func(i int, n uint64) { flows[i].Year = int(n) })
	p.runs(len(flows), most, func(i int, n uint64) { flows[i].To = codes[n] })
	for i := range flows {
		flows[i].From, flows[i].Line = codes[p.next(most)], name
	}
	for i := range flows {
		flows[i].Value = value.of(p.next(1 << 53))
	}
	for i := range flows {
		n := p.next(1 << 53)
		if n == 0 {
			flows[i].Mass = exposure.Unknown()
		} else {
			flows[i].Mass = mass.of(n - 1)
		}
	}
	if p.bad || len(p.data) > 0 {
		return nil, fmt.Errorf("the columns of a packed part do not end where they should")
	}
	return flows, nil
}

// packed is what is left of a part. Once something is wrong it gives zeros.
type packed struct {
	data []byte
	bad  bool
}

// next reads a number up to most.
func (p *packed) next(most uint64) uint64 {
	n, size := binary.Uvarint(p.data)
	if size <= 0 || n > most {
		p.bad, p.data = true, nil
		return 0
	}
	p.data = p.data[size:]
	return n
}

func (p *packed) text(long uint64) string {
	if uint64(len(p.data)) < long {
		p.bad, p.data = true, nil
		return ""
	}
	s := string(p.data[:long])
	p.data = p.data[long:]
	return s
}

// runs reads pairs of a number and for how many rows it holds.
func (p *packed) runs(rows int, most uint64, set func(i int, n uint64)) {
	for i := 0; i < rows && !p.bad; {
		n, long := p.next(most), p.next(uint64(rows-i))
		if long == 0 {
			p.bad = true
		}
		for range long {
			set(i, n)
			i++
		}
	}
}
