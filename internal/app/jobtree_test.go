package app

import (
	"os"
	"strings"
	"testing"

	"lodestone/internal/report"
)

func TestTreesOfJobs(t *testing.T) {
	i := openInstance(t, t.TempDir())
	defer i.Close()
	levels, err := os.ReadFile("../../examples/bom/levels.csv")
	if err != nil {
		t.Fatal(err)
	}
	circle, err := os.ReadFile("../../examples/bom/circle.csv")
	if err != nil {
		t.Fatal(err)
	}
	shown := func(parts []*report.JobPart) string {
		var b strings.Builder
		var walk func([]*report.JobPart)
		walk = func(parts []*report.JobPart) {
			for n, p := range parts {
				if n > 0 {
					b.WriteByte(' ')
				}
				b.WriteString(p.ID)
				if len(p.Parts) > 0 {
					b.WriteByte('(')
					walk(p.Parts)
					b.WriteByte(')')
				}
			}
		}
		walk(parts)
		return b.String()
	}
	for name, c := range map[string]struct{ text, want string }{
		"levels": {string(levels), "MOT-2(ROT-2(MAG-2(DY-2)) STA-2)"},
		"parent": {"id,parent,description,quantity,unit\nC,B,magnet,1,pcs\nA,,motor,1,pcs\nB,A,rotor,1,pcs\nD,X,loose,1,pcs\n", "A(B(C)) D"},
	} {
		id, _ := screened(t, i, name+".csv", c.text)
		tree, err := i.JobTree(t.Context(), id)
		if err != nil || shown(tree.Parts) != c.want {
			t.Errorf("%s gives %s, want %s: %v", name, shown(tree.Parts), c.want, err)
		}
	}
	id, _ := screened(t, i, "circle.csv", string(circle))
	if _, err := i.JobTree(t.Context(), id); err != nil {
		t.Errorf("a circle: %v", err)
	}
	if list, err := i.StructuredJobs(t.Context(), 2); err != nil || len(list) != 2 {
		t.Errorf("%d structures: %v", len(list), err)
	}
}
