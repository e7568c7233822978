package lawfile

import (
	"strings"
	"testing"

	"lodestone/internal/when"
)

func TestScaffoldRefusesWhatNoActIsCalled(t *testing.T) {
	for _, c := range []struct{ id, kind, want string }{
		{"KR-2026", "item_control", "<jurisdiction>-<year>-<number>"},
		{"../KR-2026-1", "item_control", "no id of an act"},
		{"KR-2026-1", "contrl", "item_control"},
	} {
		if _, err := Scaffold(c.id, c.kind, when.Day(2026, 11, 25)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v", c.id, c.kind, err)
		}
	}
}

// Every marked line of a scaffold is named, and nothing else is.
func TestUnfilledNamesEveryMark(t *testing.T) {
	files, err := Scaffold("KR-2026-12", "item_control", when.Day(2026, 11, 25))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		todo := unfilled(name, []byte(text))
		marked := 0
		for _, line := range strings.Split(text, "\n") {
			if strings.Contains(line, ToDo) {
				marked++
			}
		}
		if len(todo) != marked || marked == 0 {
			t.Errorf("%s: %d of %d marked lines are named", name, len(todo), marked)
		}
		for _, p := range todo {
			if line := strings.Split(text, "\n")[p.Line-1]; !strings.Contains(line, ToDo) || !p.Warning {
				t.Errorf("%v points at %q", p, line)
			}
		}
	}
	if todo := unfilled("x", []byte("id: KR-2026-12\nnotes: [\"a ToDo list\"]\n")); todo != nil {
		t.Errorf("named without a mark: %v", todo)
	}
}
