package enforcement

import "testing"

func TestEmbeddedFilesLoad(t *testing.T) {
	tables, err := Tables()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(tables.Offices.Supervising); n != 42 {
		t.Errorf("%d directly subordinate customs; there are 42", n)
	}
}
