package report

import (
	"fmt"
	"io"
	"strconv"
)

// FleetRun says how far a screening is that workers share.
type FleetRun struct {
	ID          string          `json:"run"`
	Name        string          `json:"name"`  // of the files
	State       string          `json:"state"` // cutting, cut, done, cancelled
	SubmittedAt string          `json:"submitted_at"`
	Shards      int             `json:"shards"` // so far, while it is being cut
	Done        int             `json:"done"`
	SetAside    int             `json:"set_aside"`
	Rows        int             `json:"rows"`
	RowsDone    int             `json:"rows_done"`
	Rate        int             `json:"rows_per_second"`        // over the last minute
	ExpectedEnd string          `json:"expected_end,omitempty"` // left out where nothing was done lately, or where not all is cut
	Problems    []ShardSetAside `json:"problems,omitempty"`     // shards that were set aside, the first of them
}

// ShardSetAside is a shard that could not be answered; its rows come out refused.
type ShardSetAside struct {
	Shard   string `json:"shard"`
	Rows    int    `json:"rows"`
	Problem string `json:"problem"`
}

// WriteText prints the run for people.
func (r *FleetRun) WriteText(w io.Writer, lang string) error {
	_, err := fmt.Fprintln(w, Say(lang, "fleet.run", "run", r.ID, "name", r.Name, "state", Say(lang, "fleet.state."+r.State), "done", strconv.Itoa(r.RowsDone),
		"rows", strconv.Itoa(r.Rows), "shards", strconv.Itoa(r.Shards), "aside", strconv.Itoa(r.SetAside), "rate", strconv.Itoa(r.Rate)))
	if err == nil && r.ExpectedEnd != "" {
		_, err = fmt.Fprintln(w, "  "+Say(lang, "fleet.end", "end", r.ExpectedEnd))
	}
	for _, p := range r.Problems {
		if err == nil {
			_, err = fmt.Fprintln(w, "  "+Say(lang, "fleet.aside", "shard", p.Shard, "rows", strconv.Itoa(p.Rows), "problem", p.Problem))
		}
	}
	return err
}
