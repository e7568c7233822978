package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/party"
	"lodestone/internal/report"
)

type partySearch struct {
	Body struct {
		Names     []string     `json:"names,omitempty" maxItems:"100" example:"[\"Example Trading Co., Ltd.\"]"`
		Parties   []partyAsked `json:"parties,omitempty" maxItems:"100" doc:"Names with what else is known of them."`
		On        day          `json:"on,omitempty" doc:"Day for the standing of listings; today if left out."`
		Threshold float64      `json:"threshold,omitempty" minimum:"0" maximum:"1" doc:"Lowest score of a hit; left out: the default."`
		Lang      string       `json:"lang,omitempty" enum:"en,zh,ko" default:"en"`
		Limit     int          `json:"limit,omitempty" default:"10" minimum:"1" maximum:"100"`
	}
}

type partyAsked struct {
	Name    string     `json:"name" minLength:"1" maxLength:"500" example:"Example Trading Co., Ltd."`
	Aliases []string   `json:"aliases,omitempty" maxItems:"20"`
	Type    party.Type `json:"type,omitempty" enum:"person,organization,vessel,aircraft"`
	Country string     `json:"country,omitempty" maxLength:"60" doc:"Two letters."`
	Born    string     `json:"born,omitempty" maxLength:"60" doc:"Day, month, year or range of years of birth."`
	Numbers []string   `json:"numbers,omitempty" maxItems:"20" doc:"Identifiers: IMO, LEI, USCC, passport, tail number."`
}

func (in *partySearch) queries() (list []party.Query) {
	for _, name := range in.Body.Names {
		list = append(list, party.Query{Name: name})
	}
	for _, p := range in.Body.Parties {
		list = append(list, party.Query{Name: p.Name, Aliases: p.Aliases, Type: p.Type, Country: p.Country, Born: p.Born, Numbers: p.Numbers})
	}
	return list
}

// names is an upload of names.
type names struct {
	SentOnce
	Lang
	On        day     `query:"on" format:"date" doc:"Day for the standing of listings; today if left out."`
	Threshold float64 `query:"threshold" minimum:"0" maximum:"1" doc:"Lowest score of a hit; left out: the default."`
	Limit     int     `query:"limit" default:"10" minimum:"1" maximum:"1000" doc:"Most hits for a name."`
}

// list is an upload of a party list.
type list struct {
	SentOnce
	Smaller bool `query:"smaller" doc:"Accept a list that has lost many of its parties."`
}

type listNamed struct {
	Name string `path:"name" maxLength:"100" doc:"Of the file, as the list of lists has it." example:"NONE"`
}

func (s *service) parties() {
	const tag = "Parties"
	add(s, app.Read, http.MethodPost, "/parties/search", "Is this name that of a listed party; no match is no clearance",
		func(ctx context.Context, in *partySearch) (*body[[]report.PartyAnswer], error) {
			queries := in.queries()
			if len(queries) == 0 {
				return nil, huma.Error422UnprocessableEntity("give names or parties to look for")
			}
			asked := app.NamesAsked{Threshold: in.Body.Threshold, Limit: in.Body.Limit}
			docs, err := s.Instance.SearchParties(ctx, queries, s.on(in.Body.On), s.Today(), in.Body.Lang, asked)
			return &body[[]report.PartyAnswer]{docs}, err
		}, tag)
	receive(s, app.Screen, app.MaxUpload, "/parties/screen", "Look for the names of an uploaded file (id,name with optional type,country,aliases as the body), as a job",
		func(ctx context.Context, in *names) (*body[report.Job], error) {
			u := app.Upload{On: s.on(in.On), Lang: in.Lang.Lang, Names: &app.NamesAsked{Threshold: in.Threshold, Limit: in.Limit}, Once: in.once()}
			j, err := s.Instance.Submit(ctx, gate.Actor(ctx), in.Name, in.file, u)
			return &body[report.Job]{j}, err
		}, tag)
	look(s, "/parties/lists", "List the lists that names are looked for on: those of the law, and those that were loaded", func(ctx context.Context, in *Lang) ([]report.PartyList, error) {
		return s.Instance.PartyLists(ctx, s.Today(), in.Lang)
	}, tag)
	receive(s, app.Govern, app.MaxListFile, "/parties/lists", "Load a party list (OFAC, CSL, EU, UN, UK, FollowTheMoney, CSV): send it as the body. It takes the place of the one of its name, if it is whole and has not lost many of its parties",
		func(ctx context.Context, in *list) (*body[report.LoadedList], error) {
			l, err := s.Instance.LoadList(ctx, gate.Actor(ctx), in.Name, in.file, in.Smaller, in.once())
			return &body[report.LoadedList]{l}, err
		}, tag)
	add(s, app.Govern, http.MethodDelete, "/parties/lists/{name}", "Take a loaded list out; its file stays for the answers that rest on it", func(ctx context.Context, in *listNamed) (*struct{}, error) {
		return nil, s.Instance.EndList(ctx, gate.Actor(ctx), in.Name)
	}, tag)
}
