package lawfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lodestone/internal/law"
)

func TestMerge(t *testing.T) {
	base, problems := Read(folder(world))
	if problems != nil {
		t.Fatal(problems)
	}
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"an act of their own": {map[string]string{"acts/ACME/2026-1.yaml": "id: ACME-2026-1\n"}, ""},
		"a kind of their own": {map[string]string{"vocab/kinds/own.yaml": "- {id: widget, names: {en: [widget]}}\n"}, ""},
		"an act that is there": {
			map[string]string{"acts/CN/2025-1b.yaml": "id: CN-2025-1\n"},
			"acts/CN/2025-1b.yaml: id: CN-2025-1 stands in acts/CN/2025-1.yaml already",
		},
		"a list that is there": {
			map[string]string{"lists/CN/own.yaml": "id: cn_list\n"},
			"lists/CN/own.yaml: id: cn_list stands in lists/CN/list.yaml already",
		},
		"a kind that is there": {
			map[string]string{"vocab/kinds/own.yaml": "\n- {id: wide, names: {en: [wide]}}\n"},
			"vocab/kinds/own.yaml:2: id: wide stands in vocab/kinds/a.yaml:6 already",
		},
		"a form that is there": {
			map[string]string{"vocab/forms.yaml": "- {id: metal}\n"},
			"vocab/forms.yaml: id: metal stands in vocab/forms.yaml already",
		},
		"another horizon": {
			map[string]string{"assessed.yaml": "knowledge_horizon: \"2027-01-01\"\n"},
			"assessed.yaml: what was assessed is stated by the law to which this folder is added (leave the file out)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			more, problems := Read(folder(test.files))
			if problems != nil {
				t.Fatal(problems)
			}
			merged, problems := Merge(base, more)
			if diff := cmp.Diff(test.want, told(problems)); diff != "" {
				t.Error(diff)
			}
			if merged.Revision == base.Revision || merged.Revision == more.Revision {
				t.Errorf("the revision of both is that of one, %s", merged.Revision)
			}
			if len(merged.Acts) != len(base.Acts)+len(more.Acts) || len(merged.Vocab.Kinds) != len(base.Vocab.Kinds)+len(more.Vocab.Kinds) {
				t.Errorf("%d acts and %d kinds are merged", len(merged.Acts), len(merged.Vocab.Kinds))
			}
		})
	}
}

func TestMergeLeavesTheBaseAlone(t *testing.T) {
	base, _ := Read(folder(world))
	again, _ := Read(folder(world))
	base.Acts = append(make([]law.Act, 0, 10), base.Acts...) // room to overwrite
	more, _ := Read(folder(map[string]string{"acts/ACME/2026-1.yaml": "id: ACME-2026-1\n"}))
	Merge(base, more)
	if spare := base.Acts[:len(base.Acts)+1]; spare[len(base.Acts)].ID != "" {
		t.Error("the act was written into the list of the base")
	}
	if diff := cmp.Diff(again, base, answering); diff != "" {
		t.Error(diff)
	}
	none, _ := Read(folder(nil))
	if same, problems := Merge(base, none); problems != nil || same.Revision != base.Revision {
		t.Errorf("merged with an empty folder: %v, revision %s", problems, same.Revision)
	}
}
