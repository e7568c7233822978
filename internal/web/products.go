package web

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// products adds the pages of structures of parts: each part with its outcome and its shares, and the same on another day.
func (p *pages) products(mux *http.ServeMux) {
	mux.HandleFunc("GET /products", p.page(app.Read, p.productsPage))
	mux.HandleFunc("GET /products/{id}", p.page(app.Read, p.productPage))
	mux.HandleFunc("POST /products/{id}", p.page(app.Screen, p.productOn))
}

// shownProducts is how many structures the list shows.
const shownProducts = 50

func (p *pages) productsPage(a *ask) (*answer, error) {
	jobs, err := p.Instance.StructuredJobs(a.Context(), shownProducts)
	list := linesOf(jobs)
	return &answer{page: "products", data: list, json: document(jobs), csv: rows([]string{"id", "name", "rows", "open", "recorded_at"}, list, func(j *jobLine) []string {
		if j.Counts == nil {
			j.Counts = &report.Summary{}
		}
		return []string{j.ID, j.Name, number(j.Counts.Rows), number(j.Counts.Open), j.RecordedAt}
	})}, err
}

type productDoc struct {
	Job  report.Job
	Tree report.JobTree
	On   string // the day of rows that name none
}

func (p *pages) productPage(a *ask) (*answer, error) {
	id := a.PathValue("id")
	j, err := p.Instance.Job(a.Context(), id)
	if err != nil {
		return nil, err
	}
	tree, err := p.Instance.JobTree(a.Context(), id)
	if err != nil {
		return nil, err
	}
	u, err := p.Instance.Asked(j)
	if err != nil {
		return nil, err
	}
	return &answer{page: "product", title: j.Name, data: productDoc{j, tree, u.On.String()}, json: document(tree), csv: func(add table) error {
		if err := add("depth", "id", "outcome", "may_be", "description", "quantity", "rule", "low", "high", "threshold"); err != nil {
			return err
		}
		return eachPart(tree.Parts, 0, func(depth int, x *report.JobPart) error {
			row := []string{number(depth), x.ID, x.Outcome, x.MayBe, x.Description, x.Quantity}
			if len(x.Shares) == 0 {
				return add(append(row, "", "", "", "")...)
			}
			for _, s := range x.Shares {
				if err := add(append(row[:len(row):len(row)], s.Rule, s.Low, s.High, s.Threshold)...); err != nil {
					return err
				}
			}
			return nil
		})
	}}, nil
}

func eachPart(parts []*report.JobPart, depth int, each func(int, *report.JobPart) error) error {
	for _, x := range parts {
		if err := each(depth, x); err != nil {
			return err
		}
		if err := eachPart(x.Parts, depth+1, each); err != nil {
			return err
		}
	}
	return nil
}

// productOn asks about the same structure on another day.
func (p *pages) productOn(a *ask) (*answer, error) {
	on, err := when.ParseDate(a.PostFormValue("on"))
	if err != nil {
		return nil, app.InvalidBy("on", err)
	}
	j, err := p.Instance.AskedAgain(a.Context(), a.Actor, a.PathValue("id"), func(u *app.Upload) { u.On, u.Lang = on, a.Lang })
	return &answer{to: "/jobs/" + j.ID}, err
}

// shareBar draws a share as an interval beside its limit, on a line that reaches to twice the limit or to the upper end where that is known.
type shareBar struct{ Low, Wide, Limit, Says, Threshold string }

// barOf reads a share; without ends that are numbers there is nothing to draw.
func barOf(s report.Share) shareBar {
	b := shareBar{Says: percent(s.Low) + " – " + percent(s.High), Threshold: thresholdText(s.Threshold)}
	if s.Low == s.High {
		b.Says = percent(s.Low)
	}
	low, err1 := strconv.ParseFloat(s.Low, 64)
	high, err2 := strconv.ParseFloat(s.High, 64)
	fields := strings.Fields(s.Threshold)
	if len(fields) == 0 || err1 != nil {
		return b
	}
	limit, err := strconv.ParseFloat(fields[len(fields)-1], 64)
	if err != nil || limit <= 0 {
		return b
	}
	top := 2 * limit
	if err2 == nil {
		top = max(top, high*1.1)
	} else {
		high = top // no bound
	}
	at := func(x float64) string { return fmt.Sprintf("%.2f%%", 100*math.Min(1, x/top)) }
	b.Low, b.Limit = at(low), at(limit)
	b.Wide = fmt.Sprintf("%.2f%%", math.Max(1, 100*(math.Min(1, high/top)-low/top)))
	return b
}

// percent is a share in parts of one as people read it; what is no number stays as it is.
func percent(text string) string {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(100*x, 'g', 4, 64) + " %"
}

// thresholdText is a limit such as ">= 0.001" as people read it.
func thresholdText(text string) string {
	sign, value, ok := strings.Cut(text, " ")
	if !ok {
		return text
	}
	return strings.NewReplacer(">=", "≥", "<=", "≤").Replace(sign) + " " + percent(value)
}
