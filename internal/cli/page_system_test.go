//go:build system

package cli

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"lodestone/internal/when"
)

// The pages in a real browser: that they open, can be used, ask for nothing, and pass the accessibility check in light and dark. Pictures are
// kept with "go test -tags system -artifacts -outputdir DIR".

//go:embed testdata/axe-core/axe.min.js
var axe string

// chromium starts one Chromium for a test; a test without one is left out.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("left out: there is no Chromium on this machine (apt-get install chromium)")
	}
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	for _, flag := range []string{"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(options, chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	do(t, ctx)
	ctx, stop = context.WithTimeout(ctx, 50*time.Second)
	t.Cleanup(stop)
	return ctx
}

// pageOf screens a file to a page and returns its address.
func pageOf(t *testing.T, input, lang string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), lang+".html")
	var says strings.Builder
	code := Run([]string{"screen", input, "--output", "html", "--out", out, "--lang", lang}, Env{In: strings.NewReader(""), Out: &says, Err: &says, Today: when.Day(2026, 10, 9)})
	if code != exitDone && code != exitRefused {
		t.Fatalf("exit code %d: %s", code, says.String())
	}
	return "file://" + out
}

const ready = `document.documentElement.dataset.ready === "yes"`

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, script string, options ...chromedp.EvaluateOption) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, options...))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func open(t *testing.T, ctx context.Context, address string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(address), until(ready))
}

func until(script string) chromedp.Action[chromedp.Void] { return chromedp.Poll[chromedp.Void](script) }
func script(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](text)
}

// look sets width, and light or dark.
func look(t *testing.T, ctx context.Context, width int, scheme string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: 900, DeviceScaleFactor: 1, Mobile: width < 500})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// manyLines repeats the lines of the example under new ids.
func manyLines(t *testing.T, n int) string {
	t.Helper()
	text, err := os.ReadFile("../../examples/shipment.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	var b strings.Builder
	b.WriteString(lines[0] + "\n")
	for i := range n {
		_, rest, _ := strings.Cut(lines[1+i%(len(lines)-1)], ",")
		fmt.Fprintf(&b, "P-%05d,%s\n", i+1, rest)
	}
	name := filepath.Join(t.TempDir(), "many.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestPageOfTenThousandLinesOpensAndIsUsed(t *testing.T) {
	ctx := chromium(t)
	const lines, wanted, bound = 10_000, 2 * time.Second, 10 * time.Second
	address := pageOf(t, manyLines(t, lines), "en")
	from := time.Now()
	open(t, ctx, address)
	took := time.Since(from)
	t.Logf("measured: a page of %d lines opens in %d ms, %.2f times the %v that are wanted", lines, took.Milliseconds(), float64(took)/float64(wanted), wanted)
	if took > bound {
		t.Errorf("it took more than %v", bound)
	}
	const drawn = `document.querySelectorAll("#rows > li").length`
	if n := evaluate[int](t, ctx, drawn); n == 0 || n > 1000 {
		t.Errorf("%d lines are drawn at once", n)
	}
	do(t, ctx, script(`scrollTo(0, document.body.scrollHeight)`), until(drawn+" > 100"))

	do(t, ctx, chromedp.Click(chromedp.CSS(`#tiles button[data-outcome="deny"]`)), until(`document.querySelector("#count").textContent.startsWith("667 of")`))
	do(t, ctx, chromedp.Click(chromedp.CSS("#clear")), chromedp.SendKeys(chromedp.CSS("#search"), "p-00006"), until(drawn+" === 1"))
	do(t, ctx, chromedp.Focus(chromedp.CSS("#rows button")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".detail")))
	for what, found := range map[string]string{
		"marked words":   `document.querySelectorAll(".detail .said mark").length`,
		"citations":      `document.querySelectorAll(".detail .norm a[href^=https]").length`,
		"questions":      `document.querySelectorAll(".detail .asks > li").length`,
		"ends of answer": `document.querySelectorAll(".detail .leads > li").length`,
		"turns in time":  `document.querySelectorAll(".detail ol.line > li").length`,
	} {
		if evaluate[int](t, ctx, found) == 0 {
			t.Errorf("the open line shows no %s", what)
		}
	}
}

func TestPagesPassTheAccessibilityCheckAndAskForNothing(t *testing.T) {
	ctx := chromium(t)
	var mu sync.Mutex
	var wrong []string
	note := func(format string, args ...any) {
		mu.Lock()
		wrong = append(wrong, fmt.Sprintf(format, args...))
		mu.Unlock()
	}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, "file://") && !strings.HasPrefix(e.Request.URL, "data:") {
				note("asks for %s", e.Request.URL)
			}
		case *runtime.EventExceptionThrown:
			note("throws %s", e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			note("writes to the console: %v", e.Args)
		}
	})
	if err == nil {
		_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	}
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{"hostile": pageOf(t, "testdata/hostile.csv", "en")}
	for _, lang := range []string{"en", "zh", "ko"} {
		pages[lang] = pageOf(t, "../../examples/shipment.csv", lang)
	}
	for name, address := range pages {
		look(t, ctx, 1440, "light")
		open(t, ctx, address)
		if n := evaluate[int](t, ctx, `window.taken === undefined ? 0 : 1`); n != 0 {
			t.Errorf("%s: a script in a description ran", name)
		}
		for _, x := range []struct {
			scheme string
			width  int
		}{{"light", 360}, {"light", 1440}, {"dark", 1440}} {
			look(t, ctx, x.width, x.scheme)
			do(t, ctx, script(`document.querySelectorAll("#rows button[aria-expanded=false]").forEach((b, i) => { if (i < 3) b.click(); })`))
			if n := evaluate[int](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); n > 0 {
				t.Errorf("%s at %d px is %d px too wide", name, x.width, n)
			}
			checkAxe(t, ctx, fmt.Sprintf("%s, %s, %d px", name, x.scheme, x.width))
			picture(t, ctx, fmt.Sprintf("%s-%s-%d.png", name, x.scheme, x.width))
		}
		paper(t, ctx, name+".pdf")
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

func checkAxe(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	do(t, ctx, script(axe+";0"))
	text := evaluate[string](t, ctx, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => ({
		id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + (n.failureSummary || "")) }))))`, chromedp.EvalAwaitPromise)
	var violations []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(text), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("%s: %s: %s\n%s", what, v.ID, v.Help, strings.Join(v.Nodes, "\n"))
	}
}

func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	keep(t, name, png, err)
}

func paper(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	keep(t, name, pdf, err)
}

func keep(t *testing.T, name string, data []byte, err error) {
	t.Helper()
	if err == nil {
		err = os.WriteFile(filepath.Join(t.ArtifactDir(), name), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
