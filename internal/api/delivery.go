package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/delivery"
	"lodestone/internal/gate"
	"lodestone/internal/report"
)

type newTarget struct {
	Body struct {
		Address string   `json:"address" maxLength:"2000" doc:"Mail address, or web address of a webhook." example:"officer@receiver.example"`
		Lang    string   `json:"lang,omitempty" enum:"en,zh,ko" default:"en" doc:"Of what is sent." example:"en"`
		Kinds   []string `json:"kinds,omitempty" maxItems:"100" doc:"Only alerts of these kinds, or of those that begin with one of them and a point; all if left out." example:"[\"catalogue\"]"`
	}
}

type setTarget struct {
	ByID
	Body struct {
		State string `json:"state" enum:"active,paused,ended" example:"paused" doc:"paused: what comes waits; ended: for good."`
	}
}

type testTarget struct {
	ByID
	Lang
}

type deliveryPage struct {
	Lang
	Target string `query:"target" maxLength:"60" doc:"Only what went to this target."`
	Before int64  `query:"before" minimum:"0" doc:"Deliveries whose newest step lies before this place in the log; the newest if left out."`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

// webhook describes what is sent to webhooks.
func (s *service) webhook() *huma.PathItem {
	header := func(name, doc, example string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Required: true, Description: doc, Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{example}}}
	}
	headers := []*huma.Param{header(delivery.HeaderID, "Id of the delivery, the same on every try.", "AAAAAAAAAAAAAAAAAAAAAAAAAA"),
		header(delivery.HeaderTimestamp, "Moment of the try, in seconds since 1970.", "1794268800"),
		header(delivery.HeaderSignature, "v1, and behind a comma HMAC-SHA256 over id, time stamp and body with points between them, in base64.", "v1,…")}
	document := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[report.AlertNotice](), true, "")
	return &huma.PathItem{Post: &huma.Operation{Summary: "Alerts, sent to a target that is a web address", Parameters: headers,
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: document}}},
		Responses:   map[string]*huma.Response{"2XX": {Description: "Taken. Whatever else is answered, the delivery is tried again; 410 gives it up."}}}}
}

func (s *service) delivery() {
	const tag = "Delivery of alerts"
	s.api.OpenAPI().Webhooks = map[string]*huma.PathItem{"alerts": s.webhook()}
	add(s, app.Govern, http.MethodGet, "/delivery-targets", "List where alerts are sent, and how that is doing", func(ctx context.Context, _ *struct{}) (*body[[]report.DeliveryTarget], error) {
		all, err := s.Instance.Targets(ctx)
		return &body[[]report.DeliveryTarget]{all}, err
	}, tag)
	add(s, app.Govern, http.MethodPost, "/delivery-targets", "Have alerts sent to a mail address or a webhook from now on; the secret of a webhook is shown this once",
		func(ctx context.Context, in *newTarget) (*body[report.DeliveryTarget], error) {
			t, err := s.Instance.AddTarget(ctx, gate.Actor(ctx), in.Body.Address, in.Body.Lang, in.Body.Kinds)
			return &body[report.DeliveryTarget]{t}, err
		}, tag)
	add(s, app.Govern, http.MethodPut, "/delivery-targets/{id}", "Pause a target, have it go on, or end it", func(ctx context.Context, in *setTarget) (*body[report.DeliveryTarget], error) {
		t, err := s.Instance.SetTarget(ctx, gate.Actor(ctx), in.ID, in.Body.State)
		return &body[report.DeliveryTarget]{t}, err
	}, tag)
	add(s, app.Govern, http.MethodPost, "/delivery-targets/{id}/test", "Send a message that says only that it is a test, once", func(ctx context.Context, in *testTarget) (*body[report.Delivery], error) {
		d, err := s.Instance.TestTarget(ctx, gate.Actor(ctx), in.ID, in.Lang.Lang)
		return &body[report.Delivery]{d}, err
	}, tag)
	add(s, app.Govern, http.MethodGet, "/deliveries", "What was sent and what came of each try, the one last touched first", func(ctx context.Context, in *deliveryPage) (*body[page[report.Delivery]], error) {
		all, err := s.Instance.Deliveries(ctx, in.Target, in.Before, in.Limit, in.Lang.Lang)
		p := page[report.Delivery]{Items: all}
		if len(all) == in.Limit {
			p.Next = &all[len(all)-1].N
		}
		return &body[page[report.Delivery]]{p}, err
	}, tag)
}
