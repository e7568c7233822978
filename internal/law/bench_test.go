package law_test

import (
	"testing"

	"lodestone/internal/law"
	"lodestone/lawdata"
)

func BenchmarkLoadAndCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		files, err := lawdata.Files()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := law.Compile(files); err != nil {
			b.Fatal(err)
		}
	}
}
