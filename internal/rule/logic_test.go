package rule

import "testing"

// The truth tables of Kleene's strong logic: what is unknown stays unknown unless the other side settles it.
func TestTruthTables(t *testing.T) {
	all := []Truth{No, Unknown, Yes}
	and := [3][3]Truth{{No, No, No}, {No, Unknown, Unknown}, {No, Unknown, Yes}}
	or := [3][3]Truth{{No, Unknown, Yes}, {Unknown, Unknown, Yes}, {Yes, Yes, Yes}}
	for i, a := range all {
		for j, b := range all {
			if got := And(a, b); got != and[i][j] {
				t.Errorf("%s and %s is %s, not %s", a, b, got, and[i][j])
			}
			if got := Or(a, b); got != or[i][j] {
				t.Errorf("%s or %s is %s, not %s", a, b, got, or[i][j])
			}
			if got := (All{fixed(a), fixed(b)}).Eval(nil); got != and[i][j] {
				t.Errorf("all of %s, %s is %s, not %s", a, b, got, and[i][j])
			}
			if got := (Any{fixed(a), fixed(b)}).Eval(nil); got != or[i][j] {
				t.Errorf("any of %s, %s is %s, not %s", a, b, got, or[i][j])
			}
		}
	}
	for a, want := range map[Truth]Truth{No: Yes, Unknown: Unknown, Yes: No} {
		if got := (Negation{fixed(a)}).Eval(nil); got != want {
			t.Errorf("not %s is %s, not %s", a, got, want)
		}
	}
}

func TestAtLeast(t *testing.T) {
	for _, c := range []struct {
		n    int
		of   []Node
		want Truth
	}{
		{2, []Node{fixed(Yes), fixed(Yes), fixed(No)}, Yes},
		{2, []Node{fixed(Yes), fixed(Unknown), fixed(No)}, Unknown},
		{2, []Node{fixed(Yes), fixed(No), fixed(No)}, No},
		{2, []Node{fixed(Yes), fixed(Yes), fixed(Unknown)}, Yes},
		{1, []Node{fixed(Unknown), fixed(Unknown)}, Unknown},
		{3, []Node{fixed(Yes), fixed(Unknown), fixed(No)}, No},
	} {
		if got := (Count{c.n, c.of}).Eval(nil); got != c.want {
			t.Errorf("at least %d of %v is %s, not %s", c.n, c.of, got, c.want)
		}
	}
}

// fixed is a condition whose answer is given.
type fixed Truth

func (f fixed) Eval(*Case) Truth { return Truth(f) }
