package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

// tagged is an answer that stays the same for as long as the program, the law, the party lists and the day do.
type tagged[T any] struct {
	ETag  string `header:"ETag"`
	Cache string `header:"Cache-Control"`
	Body  T
}

// askAgain lets a browser or a program keep an answer, and ask with If-None-Match whether it still stands.
const askAgain = "private, no-cache"

// look adds a GET operation whose answer rests on nothing but its address, what the program carries and the party lists. If-None-Match is answered before the question
// is.
func look[I, O any](s *service, path, summary string, handle func(context.Context, *I) (O, error), tags ...string) {
	op := s.operation(app.Read, http.MethodGet, path, summary, tags...)
	op.OperationID = huma.GenerateOperationID(http.MethodGet, path, (*body[O])(nil))
	op.Middlewares = append(op.Middlewares, s.unchanged)
	op.Responses = map[string]*huma.Response{"304": {Description: "What If-None-Match names still stands."}}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*tagged[O], error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		tag, _ := ctx.Value(tagKey{}).(string)
		return &tagged[O]{tag, askAgain, out}, nil
	})
}

type tagKey struct{}

// unchanged answers 304 where the asker has the answer already.
func (s *service) unchanged(ctx huma.Context, next func(huma.Context)) {
	u := ctx.URL()
	tag := s.tag(u.RequestURI())
	for _, held := range strings.Split(ctx.Header("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(held), "W/") == tag {
			ctx.SetHeader("ETag", tag)
			ctx.SetHeader("Cache-Control", askAgain)
			ctx.SetStatus(http.StatusNotModified)
			return
		}
	}
	next(huma.WithValue(ctx, tagKey{}, tag))
}

// tag names the answer to a question about what the program carries: that of the same address, law and day, since the program was started: another
// version may carry other data.
func (s *service) tag(address string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d\n%s\n%s", s.life, s.Instance.Book.Revision, s.Instance.ListsTaken(), s.Today(), address))
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// numbers is a document with numbers that may not be known, printed as the command line prints it.
type numbers[T any] struct{ of T }

// MarshalJSON prints a number that is not known as null.
func (n numbers[T]) MarshalJSON() ([]byte, error) { return report.AppendNumbers(nil, n.of) }

// Schema is that of the document.
func (n numbers[T]) Schema(r huma.Registry) *huma.Schema {
	t := reflect.TypeFor[T]()
	return r.Schema(t, true, t.Name())
}
