//go:build system

package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"lodestone/internal/when"
)

// TestSheetsPassTheAccessibilityCheck looks at the sheets with charts as people do: light and dark, narrow and wide, in three languages.
func TestSheetsPassTheAccessibilityCheck(t *testing.T) {
	for name, args := range map[string]string{
		"country-en": "exposure report --importer KR --mineral antimony --mineral gallium",
		"country-ko": "exposure report --importer KR --mineral antimony --lang ko",
		"mineral-zh": "exposure report --mineral antimony --lang zh",
		"company-en": "exposure whatif testdata/suppliers.csv --on 2026-03-01 --draws 500",
		"network-ko": "exposure network testdata/network.csv --start 2026-03-01 --lang ko",
		"losses-en":  "exposure losses testdata/sectors.csv --cut Metals=0.2 --adjust 0.1",
		"trend-en":   "exposure trend --importer KR --mineral antimony",
		"fines-ko":   "enforcement stats --lang ko",
	} {
		t.Run(name, func(t *testing.T) { lookAtSheet(t, name, strings.Fields(args)) })
	}
}

func lookAtSheet(t *testing.T, name string, args []string) {
	ctx := chromium(t)
	out := filepath.Join(t.TempDir(), name+".html")
	var says strings.Builder
	if code := Run(append(args, "--output", "html", "--out", out), Env{In: strings.NewReader(""), Out: &says, Err: &says, Today: when.Day(2026, 10, 9)}); code != exitDone {
		t.Fatalf("exit code %d: %s", code, says.String())
	}
	look(t, ctx, 1440, "light")
	do(t, ctx, chromedp.Navigate("file://"+out))
	if n := evaluate[int](t, ctx, `document.querySelectorAll("svg.chart:not(.spark)").length`); n == 0 {
		t.Error("it has no chart")
	}
	for _, x := range []struct {
		scheme string
		width  int
	}{{"light", 360}, {"light", 1440}, {"dark", 1440}} {
		look(t, ctx, x.width, x.scheme)
		if n := evaluate[int](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); n > 0 {
			t.Errorf("at %d px it is %d px too wide", x.width, n)
		}
		checkAxe(t, ctx, fmt.Sprintf("%s, %d px", x.scheme, x.width))
		picture(t, ctx, fmt.Sprintf("%s-%s-%d.png", name, x.scheme, x.width))
	}
}
