package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"lodestone/internal/app"
	"lodestone/internal/gate"
)

// Sent is a file that is the body of a request; it is read as it comes, and never whole.
type Sent struct {
	Name string `query:"name" required:"true" maxLength:"100" doc:"What the file is called." example:"catalogue.csv"`
	file io.Reader
	asks string // path and parameters, in one order
}

// SentOnce is a file that is kept, and that may be sent again without being kept twice.
type SentOnce struct {
	Sent
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"Sending the same again with the same key gives what came of it the first time; something else under it is refused (409)."`
}

func (f *SentOnce) once() app.Once { return app.Once{Key: f.Key, Request: f.asks} }

// Resolve takes the body as it comes.
func (f *Sent) Resolve(ctx huma.Context) []error {
	r, w := humago.Unwrap(ctx)
	f.file = gate.Body(w, r)
	f.asks = r.URL.Path + "?" + r.URL.Query().Encode()
	return nil
}

// receive adds an operation that takes a file of at most so many bytes.
func receive[I, O any](s *service, scope app.Scope, most int64, path, summary string, handle func(context.Context, *I) (*O, error), tags ...string) {
	op := s.operation(scope, http.MethodPost, path, summary, tags...)
	op.OperationID, op.MaxBodyBytes = huma.GenerateOperationID(http.MethodPost, path, (*O)(nil)), most
	op.Middlewares = append(op.Middlewares, s.plain)
	op.RequestBody = &huma.RequestBody{Required: true, Description: "The file itself.",
		Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	register(s, op, handle)
}

// plain refuses a file that is wrapped as a form sends it.
func (s *service) plain(ctx huma.Context, next func(huma.Context)) {
	if strings.HasPrefix(strings.ToLower(ctx.Header("Content-Type")), "multipart/") {
		huma.WriteErr(s.api, ctx, http.StatusUnsupportedMediaType, "send the file itself as the body, not a form with the file in it") // a reader who is gone is no error
		return
	}
	next(ctx)
}

// declared refuses at once what says that it is too long, or that there is no room for.
func (s *service) declared(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	status, why := 0, ""
	switch most := ctx.Operation().MaxBodyBytes; {
	case r.ContentLength > most:
		status, why = http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is %d bytes long, and at most %d are taken here", r.ContentLength, most)
	case r.ContentLength > maxBody && !s.Instance.HasRoom(r.ContentLength):
		status, why = http.StatusInsufficientStorage, app.ErrSpace.Error()
	default:
		next(ctx)
		return
	}
	ctx.SetHeader("Connection", "close") // what follows is not read
	huma.WriteErr(s.api, ctx, status, why)
}
