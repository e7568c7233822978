package cli

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lodestone/internal/app"
)

// BenchmarkQuestion is one item over the API, with many asking at once: what of a second a thousand of them leave.
func BenchmarkQuestion(b *testing.B) {
	book, _, err := app.LoadBook("")
	if err != nil {
		b.Fatal(err)
	}
	i, err := app.OpenInstance(b.Context(), app.InstanceOptions{Data: b.TempDir(), Book: book, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer i.Close()
	h := (&house{i: i, version: "test", base: "http://127.0.0.1", log: slog.New(slog.DiscardHandler)}).handler()
	key, err := i.FirstLink(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	boss, err := i.Accept(b.Context(), key, "boss", "", password)
	if err != nil {
		b.Fatal(err)
	}
	token, err := i.NewToken(b.Context(), boss, "bench", []app.Scope{app.Screen}, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(16)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for n := 0; pb.Next(); n++ {
			body := fmt.Sprintf(`{"item":{"id":"%d","description":"烧结钕铁硼磁体","composition":"Nd 29.5%%; Dy 0.3%%; Fe balance","from":"CN","destination":"US","value":1200,"currency":"USD","consignee":"Example Trading"},"on":"2026-03-01"}`, n)
			r := httptest.NewRequest(http.MethodPost, "/api/v1/screen", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+token.Key)
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, r); w.Code != http.StatusOK {
				b.Fatal(w.Code, w.Body)
			}
		}
	})
}
