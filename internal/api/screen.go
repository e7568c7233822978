package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

type question struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"Asking again with the same key gives the first answer and records nothing new."`
	Body struct {
		Item     map[string]text `json:"item" doc:"Columns and values, as in item files. Numbers may be numbers or text." example:"{\"description\":\"gallium arsenide wafers\",\"from\":\"CN\",\"destination\":\"US\"}"`
		On       when.Date       `json:"on,omitempty" doc:"Effective day for an item that names none; today if left out." format:"date" example:"2026-03-01"`
		KnownBy  when.Date       `json:"known_by,omitempty" doc:"Knowledge date; the newest day that was assessed if left out." format:"date"`
		Lang     string          `json:"lang,omitempty" enum:"en,zh,ko" default:"en"`
		Role     string          `json:"role,omitempty" maxLength:"60" doc:"Whose duties to print; the exporter's if left out."`
		Explain  bool            `json:"explain,omitempty" doc:"Add the whole trace of every requirement."`
		Timeline bool            `json:"timeline,omitempty" doc:"Add the answer over time."`
	}
}

// text is a value of a column: text, or a number as it was written.
type text string

// UnmarshalJSON takes text, a number, true and false.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	*t = text(b)
	return nil
}

// Schema says what a value may be.
func (text) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{{Type: huma.TypeString, MaxLength: new(maxCell)}, {Type: huma.TypeNumber}, {Type: huma.TypeBoolean}}}
}

var maxCell = 100_000

func (s *service) screening() {
	add(s, app.Screen, http.MethodPost, "/screen", "May this item go, on this day, to this party, and why; the answer is recorded",
		func(ctx context.Context, in *question) (*body[report.Record], error) {
			q := app.Question{Item: map[string]string{}, On: in.Body.On, Dated: in.Body.On != 0, KnownBy: in.Body.KnownBy, Lang: in.Body.Lang, Role: in.Body.Role,
				Explain: in.Body.Explain, Timeline: in.Body.Timeline}
			for column, value := range in.Body.Item {
				q.Item[column] = string(value)
			}
			if q.On == 0 {
				q.On = s.Today()
			}
			r, err := s.Instance.Answer(ctx, gate.Actor(ctx), &q, in.Key)
			return &body[report.Record]{r}, err
		}, "Screen")
}
