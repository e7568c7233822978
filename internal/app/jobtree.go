package app

import (
	"context"
	"encoding/json"
	"strings"

	"lodestone/internal/bom"
	"lodestone/internal/report"
	"lodestone/internal/store"
)

// maxNodes bounds the parts of a structure that are shown at once.
const maxNodes = 2000

// JobTree gives the lines of a structure of parts as a tree, with what was answered for each, at most 2000 of them.
func (i *Instance) JobTree(ctx context.Context, id string) (tree report.JobTree, err error) {
	err = i.withLines(ctx, id, func(x *lineIndex, j *store.Job) error {
		if !x.about.Structured {
			return ErrUnknown
		}
		r, err := i.lineReader(ctx, x, j, "en")
		if err != nil {
			return err
		}
		defer r.result.Close()
		tree = report.JobTree{Job: id, Name: j.Name, All: x.about.Lines}
		g := growing{}
		for n := range min(x.about.Lines, maxNodes) {
			part, level, err := r.part(n)
			if err != nil {
				return err
			}
			g.add(part, level)
		}
		tree.Parts = g.roots()
		return nil
	})
	return tree, err
}

// part is a line of the structure with its shares; its level counts from 0 at the top, and is -1 where the file says parents instead.
func (r *lineReader) part(n int) (*report.JobPart, int, error) {
	line, item, err := r.x.line(n)
	if err != nil {
		return nil, 0, err
	}
	p := &report.JobPart{JobLine: line}
	at, err := r.x.record(n)
	if err != nil {
		return nil, 0, err
	}
	text := make([]byte, at.Length)
	if _, err := r.result.ReadAt(text, at.From); err != nil {
		return nil, 0, err
	}
	if at.Outcome != refusedLine && strings.Contains(string(text), `"shares":[`) {
		var d struct{ Shares []report.Share }
		if err := json.Unmarshal(text, &d); err != nil {
			return nil, 0, err
		}
		p.Shares = d.Shares
	}
	level := -1
	if text := item["level"]; text != "" {
		if n, err := bom.ParseLevel(text); err == nil { // a row whose level cannot be read was refused, and says so
			level = n
		}
	}
	return p, level, nil
}

// growing is a tree whose lines come in the order of the file.
type growing struct {
	parts []*report.JobPart
	last  []*report.JobPart // by level
	under map[*report.JobPart]bool
}

func (g *growing) add(p *report.JobPart, level int) {
	g.parts = append(g.parts, p)
	if g.under == nil {
		g.under = map[*report.JobPart]bool{}
	}
	if level < 0 {
		return
	}
	for len(g.last) > level {
		g.last = g.last[:len(g.last)-1]
	}
	if len(g.last) > 0 {
		g.hang(p, g.last[len(g.last)-1])
	}
	g.last = append(g.last, p)
}

func (g *growing) hang(p, above *report.JobPart) {
	above.Parts = append(above.Parts, p)
	g.under[p] = true
}

// roots are the parts that hang under none. A part hangs under the first line of its parent; one whose parent is not there is a root.
func (g *growing) roots() (roots []*report.JobPart) {
	first := map[string]*report.JobPart{}
	for _, p := range g.parts {
		if first[p.ID] == nil {
			first[p.ID] = p
		}
	}
	for _, p := range g.parts {
		if above := first[p.Parent]; p.Parent != "" && above != nil && !g.under[p] && !within(above, p) {
			g.hang(p, above)
		}
	}
	for _, p := range g.parts {
		if !g.under[p] {
			roots = append(roots, p)
		}
	}
	return roots
}

// within says that a part lies in another, which a file that contradicts itself can have.
func within(p, top *report.JobPart) bool {
	if p == top {
		return true
	}
	for _, x := range top.Parts {
		if within(p, x) {
			return true
		}
	}
	return false
}

// StructuredJobs are the newest jobs done whose lines are parts of one another.
func (i *Instance) StructuredJobs(ctx context.Context, limit int) (list []report.Job, err error) {
	const looked = 200
	all, err := i.store.FileJobs(ctx, 1<<53, looked)
	for n := range all {
		if all[n].Result == "" || len(list) == limit {
			continue
		}
		if x, err := openIndex(i.jobs.files.indexPath(all[n].ID)); err == nil {
			if x.about.Structured {
				list = append(list, i.jobOf(&all[n]))
			}
			x.Close()
		}
	}
	return list, err
}

// AskedAgain queues the file of a job once more, with other days.
func (i *Instance) AskedAgain(ctx context.Context, by *Actor, id string, change func(*Upload)) (report.Job, error) {
	j, err := i.store.Job(ctx, id)
	if err != nil {
		return report.Job{}, unknownIf(err)
	}
	var u Upload
	if err := json.Unmarshal([]byte(j.Question), &u); err != nil {
		return report.Job{}, err
	}
	change(&u)
	return i.SubmitKept(ctx, by, j.Name, j.Input, u)
}

// Asked is how the rows of a job were asked about.
func (i *Instance) Asked(j report.Job) (u Upload, err error) {
	err = json.Unmarshal(j.Question, &u)
	return u, err
}
