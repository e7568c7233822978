package bom

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Levels turns level numbers into parents: a row is part of the nearest row above it that is one level higher. A sub-assembly that stands in
// several places may repeat its parts in each, or leave them out after the first.
type Levels struct {
	open  []place
	parts map[string][]string // what each assembly was first said to hold, a line a part
	lost  bool                // a row above could not be read, and may be the parent of what follows
	least int                 // least level since then
}

type place struct {
	level  int
	id     string
	repeat bool // its parts were listed above
	at     int  // parts repeated so far
}

// ParseLevel reads a level as exports print it: "2", "..2", "..", "1.2.1" (an outline number, whose level is its length).
func ParseLevel(text string) (int, error) {
	digits := strings.TrimLeft(text, ". ")
	if digits == "" && text != "" {
		return strings.Count(text, "."), nil
	}
	if strings.Contains(digits, ".") {
		parts := strings.Split(strings.Trim(digits, "."), ".")
		for _, p := range parts {
			if _, err := strconv.ParseUint(p, 10, 31); err != nil {
				return 0, fmt.Errorf("%q is no level", text)
			}
		}
		return len(parts), nil
	}
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is no level", text)
	}
	return int(n), nil
}

// Skip passes over a row whose level could not be read. It returns the ids of all assemblies that it may have been part of.
func (l *Levels) Skip() []string {
	var ids []string
	for _, p := range l.open {
		ids = append(ids, p.id)
	}
	l.lost, l.least = true, math.MaxInt
	return ids
}

// Next takes the next row: its level, its id, and what it says of the link (quantity and unit, as text). It returns the id of the parent, empty
// at the top, and whether the link only repeats one that was given above. An error says why the row does not fit in;
// parent is then what it would be part of.
func (l *Levels) Next(level int, id, said string) (parent string, repeat bool, err error) {
	if l.parts == nil {
		l.parts = map[string][]string{}
	}
	for len(l.open) > 0 && l.open[len(l.open)-1].level >= level {
		l.open = l.open[:len(l.open)-1]
	}
	unsure := l.lost && level > 0 && level <= l.least
	l.least = min(l.least, level)
	if unsure {
		if len(l.open) > 0 {
			parent = l.open[len(l.open)-1].id
		}
		err = fmt.Errorf("a row above could not be read: what this row is part of is not known")
	} else if len(l.open) > 0 {
		parent, repeat, err = l.under(&l.open[len(l.open)-1], level, id, said)
	}
	l.open = append(l.open, place{level: level, id: id, repeat: len(l.parts[id]) > 0})
	return parent, repeat, err
}

func (l *Levels) under(up *place, level int, id, said string) (string, bool, error) {
	if level != up.level+1 {
		return up.id, false, fmt.Errorf("level %d follows level %d: a level is left out", level, up.level)
	}
	line := id + "\x00" + said
	if !up.repeat {
		l.parts[up.id] = append(l.parts[up.id], line)
		return up.id, false, nil
	}
	known := l.parts[up.id]
	if up.at >= len(known) || known[up.at] != line {
		return up.id, false, fmt.Errorf("%s holds other parts here than where it stands first", up.id)
	}
	up.at++
	return up.id, true, nil
}
