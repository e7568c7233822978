// Package api is the JSON API, /api/v1: the same questions as the command line, with the same documents. The description in OpenAPI comes from
// the types here.
//
// Start with New. Every operation names the scope it needs; one test calls each as each role. Errors are problem documents (RFC 9457).
package api

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// Options say what an API serves.
type Options struct {
	Instance *app.Instance
	Gate     *gate.Gate
	Today    func() when.Date // the day, for questions that name none
	Version  string
	Log      *slog.Logger
}

// service answers the operations.
type service struct {
	Options
	api  huma.API
	life string // of this start of the program; no other has it
}

const (
	prefix  = "/api/v1"
	openAPI = prefix + "/openapi"
)

// maxBody bounds a request that is read whole.
const maxBody = 1 << 20

// New adds the API to a mux and returns its description.
func New(mux *http.ServeMux, o Options) *huma.OpenAPI {
	c := huma.DefaultConfig("Lodestone", o.Version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = openAPI, "", ""
	c.CreateHooks = nil // no $schema links in answers
	c.RejectUnknownQueryParameters = true
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Info.Description = "Which export rules bear on a thing, why, on which day, and what is missing to know. Not legal advice."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "A token made with POST " + prefix + "/tokens."},
		"session": {Type: "apiKey", In: "cookie", Name: "lodestone", Description: "A session begun with POST " + prefix + "/session."},
	}
	s := &service{Options: o, api: humago.New(mux, c), life: rand.Text()}
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[report.Document](), reflect.TypeFor[report.Determination]())
	s.people()
	s.screening()
	s.jobs()
	s.change()
	s.delivery()
	s.law()
	s.parties()
	s.enforcement()
	s.exposure()
	s.records()
	s.cases()
	s.licences()
	mux.HandleFunc(prefix+"/", func(w http.ResponseWriter, r *http.Request) {
		gate.Problem(w, http.StatusNotFound, "There is no "+r.Method+" "+r.URL.Path+"; GET "+openAPI+".json lists what there is.")
	})
	return s.api.OpenAPI()
}

// schemaName is the name of a type in the description: with its package, where that is not one of documents or of the API.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch room := path.Base(t.PkgPath()); room {
	case ".", "report", "api":
		return name
	default:
		return strings.ToUpper(room[:1]) + room[1:] + name
	}
}

// Open says whether a path needs no sign-in.
func Open(r *http.Request) bool {
	switch r.Method + " " + r.URL.Path {
	case "GET " + openAPI + ".json", "HEAD " + openAPI + ".json", "POST " + prefix + "/session", "POST " + prefix + "/set-up":
		return true
	}
	return false
}

// open is the scope of operations that need no sign-in.
const open app.Scope = ""

// scopeKey is where an operation names the scope that it needs.
const scopeKey = "x-scope"

// operation describes an operation, which only who has the scope may call.
func (s *service) operation(scope app.Scope, method, path, summary string, tags ...string) huma.Operation {
	op := huma.Operation{Method: method, Path: prefix + path, Summary: summary, OperationID: huma.GenerateOperationID(method, path, struct{}{}), Tags: tags,
		MaxBodyBytes: maxBody, Extensions: map[string]any{scopeKey: string(scope)}}
	if scope != open {
		op.Security = []map[string][]string{{"token": {string(scope)}}, {"session": {}}}
		op.Middlewares = huma.Middlewares{s.allow(scope)}
	}
	op.Middlewares = append(op.Middlewares, s.declared)
	return op
}

// add adds an operation. Errors that are not for people are logged, and the answer says only that something failed.
func add[I, O any](s *service, scope app.Scope, method, path, summary string, handle func(context.Context, *I) (*O, error), tags ...string) {
	op := s.operation(scope, method, path, summary, tags...)
	op.OperationID = huma.GenerateOperationID(method, path, (*O)(nil))
	register(s, op, handle)
}

func register[I, O any](s *service, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// allow lets through who has a scope, before anything of the request is read.
func (s *service) allow(scope app.Scope) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if a := gate.Actor(ctx.Context()); a != nil && a.May(scope) {
			next(ctx)
			return
		}
		huma.WriteErr(s.api, ctx, http.StatusForbidden, "this needs the scope "+string(scope)) // a reader who is gone is no error
	}
}

// problem turns an error into a problem document.
func (s *service) problem(ctx context.Context, err error) error {
	var status huma.StatusError
	var invalid app.Invalid
	var refusal app.Refusal
	var broken gate.BodyError
	var conflict app.Conflict
	var lists app.ListsError
	switch {
	case errors.As(err, &status):
		return err
	case errors.As(err, &invalid):
		return huma.Error422UnprocessableEntity("something entered is not right", &huma.ErrorDetail{Message: invalid.Text, Location: "body." + invalid.Field})
	case errors.As(err, &refusal):
		return refused(refusal)
	case errors.Is(err, app.ErrUnknown):
		return huma.Error404NotFound(err.Error())
	case errors.As(err, &conflict), errors.Is(err, app.ErrTaken), errors.Is(err, app.ErrKeyUsed):
		return huma.Error409Conflict(err.Error())
	case errors.Is(err, app.ErrLarge), errors.Is(err, app.ErrLargeList), errors.Is(err, app.ErrTable):
		return huma.NewError(http.StatusRequestEntityTooLarge, err.Error())
	case errors.Is(err, app.ErrSpace):
		return huma.NewError(http.StatusInsufficientStorage, err.Error())
	case errors.Is(err, gate.ErrSlow):
		return huma.NewError(http.StatusRequestTimeout, err.Error())
	case errors.Is(err, gate.ErrStopping):
		return huma.ErrorWithHeaders(huma.Error503ServiceUnavailable(err.Error()), http.Header{"Retry-After": {"30"}})
	case errors.As(err, &broken):
		return huma.Error400BadRequest(err.Error())
	case errors.As(err, &lists):
		s.Log.ErrorContext(ctx, "party lists", "error", err)
		return huma.Error503ServiceUnavailable(err.Error())
	case errors.Is(err, app.ErrLink):
		return huma.NewError(http.StatusGone, err.Error())
	case errors.Is(err, app.ErrSignIn):
		return huma.Error401Unauthorized(err.Error())
	case errors.Is(err, app.ErrVerifying):
		return huma.ErrorWithHeaders(huma.Error429TooManyRequests(err.Error()), http.Header{"Retry-After": {"30"}})
	case errors.Is(err, gate.ErrTooOften):
		return huma.Error429TooManyRequests(err.Error())
	case ctx.Err() != nil:
		return huma.Error503ServiceUnavailable("the request was given up")
	}
	s.Log.ErrorContext(ctx, "request failed", "error", err)
	return huma.Error500InternalServerError("something failed; the log of the server says what")
}

// refused names what is wrong with the columns of an item.
func refused(r app.Refusal) error {
	var details []error
	for _, p := range r.Problems {
		if p.Warning {
			continue
		}
		text := p.Text
		if p.Meant != "" {
			text += "; probably meant: " + p.Meant
		}
		details = append(details, &huma.ErrorDetail{Message: text, Location: "body.item." + p.Field})
	}
	return huma.Error422UnprocessableEntity("the item cannot be read", details...)
}

// body is an answer that holds one document.
type body[T any] struct{ Body T }
