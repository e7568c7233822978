package api

import (
	"context"
	"net/http"

	"lodestone/internal/app"
	"lodestone/internal/party"
	"lodestone/internal/report"
)

type partySearch struct {
	Body struct {
		Names     []string `json:"names" minItems:"1" maxItems:"100" example:"[\"Example Trading Co., Ltd.\"]"`
		On        day      `json:"on,omitempty" doc:"Day for the standing of listings; today if left out."`
		Threshold float64  `json:"threshold,omitempty" minimum:"0" maximum:"1" doc:"Lowest score of a hit; left out: the default."`
		Lang      string   `json:"lang,omitempty" enum:"en,zh,ko" default:"en"`
		Limit     int      `json:"limit,omitempty" default:"10" minimum:"1" maximum:"100"`
	}
}

func (s *service) parties() {
	add(s, app.Read, http.MethodPost, "/parties/search", "Is this name that of a listed party; no match is no clearance",
		func(ctx context.Context, in *partySearch) (*body[[]report.PartyAnswer], error) {
			on := in.Body.On.Date
			if on == 0 {
				on = s.Today()
			}
			queries := make([]party.Query, len(in.Body.Names))
			for i, name := range in.Body.Names {
				queries[i] = party.Query{Name: name}
			}
			docs, err := s.Instance.SearchParties(queries, on, s.Today(), in.Body.Lang, in.Body.Threshold, in.Body.Limit)
			return &body[[]report.PartyAnswer]{docs}, err
		}, "Parties")
}
