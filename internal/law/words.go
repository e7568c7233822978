package law

// Outcome is an answer word, in order of severity: a greater one is more severe.
type Outcome uint8

const (
	NotCovered Outcome = iota // what was assessed does not reach the item
	NotControlled
	Suspended // a rule holds and sleeps on the day
	CannotTell
	Review
	NotEstablished
	GoodsLicence
	Licence
	Deny
	Prohibited
)

var outcomeWords = [...]string{"not_covered", "not_controlled", "suspended", "cannot_tell", "review", "not_established",
	"goods_licence", "licence", "deny", "prohibited"}

func (o Outcome) String() string { return outcomeWords[o] }

// OutcomeOf reads an answer word.
func OutcomeOf(word string) (Outcome, bool) {
	for i, w := range outcomeWords {
		if w == word {
			return Outcome(i), true
		}
	}
	return 0, false
}

// Established says whether the outcome is one that a norm gives, and not a word for what is open.
func (o Outcome) Established() bool { return o >= GoodsLicence || o == Suspended || o == NotControlled }

// OutcomeWords lists the answer words, least severe first.
func OutcomeWords() []string { return outcomeWords[:] }

// Policy is how a licence is decided or held, least strict first; the zero Policy is none stated.
type Policy uint8

const (
	PolicyNone Policy = iota
	PolicyGeneral
	PolicyOrdinary
	PolicyRegistration
	PolicyStrict
	PolicySingleOnly
)

var policyWords = [...]string{"", "general", "ordinary", "registration", "strict", "single_only"}

func (p Policy) String() string { return policyWords[p] }

// PolicyOf finds a policy by its word; the empty word is none.
func PolicyOf(word string) (Policy, bool) {
	for i, w := range policyWords {
		if w == word {
			return Policy(i), true
		}
	}
	return 0, false
}

// State is what a norm's standing is on a day, as known on a day.
type State uint8

const (
	Unknown       State = iota // not known of by the knowledge date
	Sleeping                   // suspended
	NotYet                     // its first day lies ahead
	Over                       // ended
	Unestablished              // the text says one thing, nothing read confirms it
	InForce
)

var stateWords = [...]string{"unknown", "suspended", "not_yet", "ended", "not_established", "in_force"}

func (s State) String() string { return stateWords[s] }

// Kinds of act, kinds of norm, layers, and the other closed words of law files; lint refuses what is not among them.
var (
	ActKinds = []string{"law", "regulation", "control_list", "item_control", "extraterritorial_control", "destination_rule",
		"suspension", "entity_list", "licence_directory", "goods_licence_catalogue", "state_trading", "technology_catalogue",
		"temporary_export_prohibition", "reporting", "enforcement", "guidance", "practice"}
	NormKinds = []string{"control", "list_entry", "exception", "suspension", "destination_rule", "content_rule", "catch_all",
		"ban", "duty", "stub", "flag", "ownership"}
	Layers = []string{"dual_use", "goods_licence", "party", "destination", "technology", "trade_stop", "content", "catch_all"}
	Grades = []string{"official_text", "official_url", "official_attachment_extract", "official_guidance", "official_statement",
		"repost", "translation", "law_firm", "consultancy", "advisor", "agency", "journal", "press"}
	Duties = []string{"declaration_remark", "compliance_notice", "report", "stop_and_report", "records", "risk_report", "undertaking",
		"no_service", "report_suspicion"}
	Roles = []string{"exporter", "agent", "importer", "end_user"}
)
