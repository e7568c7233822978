package lawfile

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lodestone/internal/law"
	"lodestone/internal/problem"
	"lodestone/internal/when"
)

// ToDo marks what is still to be filled in: reading a law file names every line that holds it.
const ToDo = "TODO:"

// Scaffold is a new act: the text of its file and of a file with a first case, by their paths below the law folder. It reads and checks as it
// stands, up to its to-dos.
func Scaffold(id, kind string, today when.Date) (map[string]string, error) {
	jurisdiction, rest, _ := strings.Cut(id, "-")
	switch {
	case !actID.MatchString(id) || !numbered.MatchString(rest):
		return nil, fmt.Errorf("%q is no id of an act: <jurisdiction>-<year>-<number>, for example KR-2026-12", id)
	case !slices.Contains(law.ActKinds, kind):
		return nil, fmt.Errorf("%q is no kind of act: %s", kind, strings.Join(law.ActKinds, ", "))
	}
	scope, from := jurisdiction, jurisdiction
	switch {
	case jurisdiction == "EU":
		scope, from = "group:EU", "DE"
	case len(jurisdiction) != 2:
		scope, from = "CN", "CN" // a company's own rules
	}
	fill := strings.NewReplacer("<id>", id, "<kind>", kind, "<day>", today.String(), "<scope>", scope, "<from>", from).Replace
	return map[string]string{
		path.Join("acts", jurisdiction, rest+".yaml"): fill(actScaffold),
		path.Join("cases", id+".yaml"):                fill(caseScaffold),
	}, nil
}

// unfilled names the lines of a file that are still to be filled in.
func unfilled(name string, text []byte) (todo problem.List) {
	for i, line := range strings.Split(string(text), "\n") {
		if _, what, found := strings.Cut(line, ToDo); found {
			what = strings.Trim(strings.SplitN(what, `"`, 2)[0], " }],")
			todo = append(todo, problem.Problem{Place: problem.Place{File: name, Line: i + 1}, Text: "to be filled in: " + what, Warning: true})
		}
	}
	return todo
}

const actScaffold = `# Fill in what stands after each mark, take the mark away, and run "lodestone law check" on the folder: it names what is left.
id: <id>
kind: <kind>
number: {en: "TODO: the number of the act as one cites it"}
title: {en: "TODO: what the act is about, in a few words"}
issuers: ["TODO: who issued it"]
published: "<day>"                      # TODO: the day of issue
effective:
  - {part: whole, from: "<day>"}        # TODO: its first day
assessed_until: "<day>"                 # the newest day for which it was looked after
confidence: low                        # how well the text is known: high, medium, low
scope: {from: ["<scope>"]}             # TODO: a condition that every norm of it needs as well; here: goods that leave <scope>
sources:
  - {id: text, url: "TODO: where the text was read", grade: official_text, lang: en}
notes: ["TODO: in your own words: what is uncertain, what was inferred, what was not read"]

norms:

- id: "1"                              # a name within the act
  kind: control
  layer: dual_use
  effect: licence
  policy: ordinary
  names: {en: "TODO: the thing, in the words of the act", zh: "TODO: 名称", ko: "TODO: 이름"}
  cite: "TODO: its place in the act"
  when: {kind: [indium_phosphide]}     # TODO: the condition: what the thing is, by kind, element, form, limits
  holds:                               # facts for which it holds
    - {description: "indium phosphide wafer", from: "<from>"} # TODO: a thing that is caught
  fails:                               # facts for which it fails: just outside a limit, another thing, another country
    - {description: "gallium arsenide wafer", from: "<from>"} # TODO: a thing that is not
`

const caseScaffold = `# Worked cases: facts, a day, the expected answer, and the article that the case proves.
cases:

  - case: "TODO: what the case shows"
    article: "TODO: the article it proves"
    facts: {description: "indium phosphide wafer", from: "<from>", destination: "DE", end_user: "Example GmbH", end_user_kind: civil, end_use: civil} # TODO: the facts
    on: "<day>"
    known_by: "<day>" # the act is newer than the law data: it is known from its own day on
    expect: {outcome: licence}
`
