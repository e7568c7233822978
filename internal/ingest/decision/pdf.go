package decision

import (
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"lodestone/internal/sentence"
)

// Limits of a PDF: a decision has a few pages. What takes longer, or needs more memory, is damaged or hostile.
const (
	maxPages   = 500
	pdfTime    = 60 * time.Second
	pdfMemory  = 2048 // WebAssembly pages of 64 kB: 128 MB
	pdfWaiting = 30 * time.Second
)

// pdfReader takes the text out of PDF files with PDFium, compiled to WebAssembly: it needs no C and cannot reach out of its sandbox. It is made when
// the first PDF is met, because that takes seconds; with a cache folder only the first time on a machine.
type pdfReader struct {
	lock sync.Mutex // one file at a time
	pool pdfium.Pool
}

// text gives the text of all pages.
func (p *pdfReader) text(b []byte, cache string) (string, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.pool == nil {
		pool, err := webassembly.Init(webassembly.Config{MaxIdle: 1, MaxTotal: 1, RuntimeConfig: runtimeConfig(cache)})
		if err != nil {
			return "", sentence.Of("the reader of PDF files does not start: %v; save the file as text or HTML", err)
		}
		p.pool = pool
	}
	instance, err := p.pool.GetInstance(pdfWaiting)
	if err != nil {
		p.drop()
		return "", sentence.Of("the reader of PDF files does not start: %v; save the file as text or HTML", err)
	}
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := pagesOf(instance, b)
		done <- result{text, err}
	}()
	late := time.NewTimer(pdfTime)
	defer late.Stop()
	select {
	case r := <-done:
		if instance.Close() != nil { // it has broken down over the file; the next one gets a new reader
			p.drop()
		}
		return r.text, r.err
	case <-late.C:
		_ = instance.Kill()
		p.drop()
		return "", sentence.Of("the PDF is not read within %s: save it as text or HTML", pdfTime)
	}
}

func (p *pdfReader) drop() {
	_ = p.pool.Close()
	p.pool = nil
}

// runtimeConfig keeps the compiled reader in a folder, if it can be made.
func runtimeConfig(cache string) wazero.RuntimeConfig {
	c := wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).WithMemoryLimitPages(pdfMemory)
	if cache == "" {
		return c
	}
	kept, err := wazero.NewCompilationCacheWithDir(cache)
	if err != nil {
		return c
	}
	return c.WithCompilationCache(kept)
}

func pagesOf(i pdfium.Pdfium, b []byte) (text string, err error) {
	defer func() {
		if recover() != nil {
			err = sentence.Of("the PDF breaks the reader: save it as text or HTML")
		}
	}()
	doc, err := i.OpenDocument(&requests.OpenDocument{File: &b})
	if err != nil {
		return "", sentence.Of("the PDF is damaged or locked (%v): save it anew, or as text", err)
	}
	defer i.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc.Document})
	count, err := i.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return "", sentence.Of("the pages of the PDF cannot be counted: %v", err)
	}
	if count.PageCount > maxPages {
		return "", sentence.Of("the PDF has %d pages; at most %d are read: cut it down to the decision", count.PageCount, maxPages)
	}
	var out strings.Builder
	for page := range count.PageCount {
		got, err := i.GetPageText(&requests.GetPageText{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: page}}})
		if err != nil && strings.Contains(err.Error(), "wasm error") { // a stack trace of the sandbox tells a user nothing
			return "", sentence.Of("page %d of the PDF breaks the reader or needs more than %d MB: save it as text or HTML", page+1, pdfMemory/16)
		}
		if err != nil {
			return "", sentence.Of("page %d of the PDF has no text that can be read: %v", page+1, err)
		}
		out.WriteString(got.Text)
		out.WriteByte('\n')
	}
	if strings.TrimSpace(out.String()) == "" {
		return "", sentence.Of("the PDF holds pictures only: run text recognition on it first")
	}
	return joinLines(out.String()), nil
}

// joinLines takes out the line breaks that a page sets inside a paragraph: those behind a line that does not end a sentence or a heading. Short
// lines are headings, dates and numbers.
func joinLines(s string) string {
	const short = 20 // characters
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	var b strings.Builder
	for _, line := range lines {
		line = strings.TrimRight(line, " \r\ufffe\u0002")
		b.WriteString(line)
		if n := len([]rune(line)); n < short || strings.HasSuffix(line, "。") || strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：") {
			b.WriteByte('\n')
		}
	}
	return strings.TrimSpace(b.String())
}
