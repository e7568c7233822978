package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"lodestone/internal/report"
	"lodestone/internal/sentence"
	"lodestone/internal/store"
)

// Scope is one thing that a person or a token may do.
type Scope string

// Scopes.
const (
	Read    Scope = "read"    // look at the law, lists, statistics, records
	Screen  Scope = "screen"  // ask, and have the answer recorded
	Approve Scope = "approve" // release or override what others asked
	Licence Scope = "licence" // keep licences
	Govern  Scope = "govern"  // people, the log, the law loaded
	Observe Scope = "observe" // figures of how the server does
)

// Role is what a person is to this instance.
type Role string

// Roles.
const (
	Viewer         Role = "viewer"
	Screener       Role = "screener"
	Approver       Role = "approver"
	LicenceManager Role = "licence_manager"
	Administrator  Role = "administrator"
)

// may says what each role may do.
var may = map[Role][]Scope{
	Viewer:         {Read},
	Screener:       {Read, Screen},
	Approver:       {Read, Screen, Approve},
	LicenceManager: {Read, Screen, Licence},
	Administrator:  {Read, Screen, Approve, Licence, Govern, Observe},
}

// Roles lists the roles, the one that may least first.
func Roles() []Role { return []Role{Viewer, Screener, Approver, LicenceManager, Administrator} }

// Scopes lists what a role may do.
func (r Role) Scopes() []Scope { return may[r] }

// Actor is whoever asks: a person, or a program that acts for one.
type Actor struct {
	Person string
	Login  string
	Name   string
	Role   Role
	Token  string // id of the token; empty: the person
	scopes []Scope
}

// May says whether the actor may do something.
func (a *Actor) May(s Scope) bool { return slices.Contains(a.scopes, s) }

// Shown is what is shown of the actor: for a token, with what the token may do.
func (a *Actor) Shown() report.Person {
	return report.Person{ID: a.Person, Login: a.Login, Name: a.Name, Role: string(a.Role), Scopes: words(a.scopes)}
}

// Errors of people, for programs; the sentences are for people.
var (
	ErrSignIn  = sentence.Error("no person has this login and this password, or the person may not sign in")
	ErrLink    = sentence.Error("the link is used, too old or none; ask for a new one")
	ErrTaken   = sentence.Error("the login is taken; choose another")
	ErrUnknown = errors.New("there is no such thing")
)

// Invalid says what is wrong with something that a person entered.
type Invalid struct{ Field, Text string }

func (e Invalid) Error() string { return e.Field + ": " + e.Text }

// linkHours is how long a one-time link holds.
const linkHours = 72

// FirstLink makes the one-time link that lets the first administrator in, or nothing where one has been.
func (i *Instance) FirstLink(ctx context.Context) (key string, err error) {
	if done, err := i.store.Administered(ctx, string(Administrator)); done || err != nil {
		return "", err
	}
	return i.invite(ctx, Administrator, store.Instance)
}

// Invite makes a one-time link for a role.
func (i *Instance) Invite(ctx context.Context, role Role, by *Actor) (key string, err error) {
	if may[role] == nil {
		return "", invalid("role", "%q is no role; it is one of %v", role, Roles())
	}
	return i.invite(ctx, role, by.Person)
}

func (i *Instance) invite(ctx context.Context, role Role, by string) (string, error) {
	key := rand.Text()
	return key, i.store.Write(ctx, func(tx *store.Tx) error { return tx.Invite(key, string(role), by, tx.At.Add(linkHours*time.Hour)) })
}

// Invited says which role an unused link grants.
func (i *Instance) Invited(ctx context.Context, key string) (Role, error) {
	role, err := i.store.Invited(ctx, key)
	if errors.Is(err, store.ErrNone) {
		err = ErrLink
	}
	return Role(role), err
}

// Accept makes the person that a link is for.
func (i *Instance) Accept(ctx context.Context, key, login, name, password string) (*Actor, error) {
	if err := checkPerson(login, name, password); err != nil {
		return nil, err
	}
	if _, err := i.Invited(ctx, key); err != nil { // before the costly part
		return nil, err
	}
	p := store.Person{Login: login, Name: name, Password: hashPassword(password)}
	err := i.store.Write(ctx, func(tx *store.Tx) error { return tx.Accept(key, &p) })
	switch {
	case errors.Is(err, store.ErrNone):
		return nil, ErrLink
	case errors.Is(err, store.ErrTaken):
		return nil, ErrTaken
	case err != nil:
		return nil, err
	}
	return actorOf(&p), nil
}

// Bounds on what people enter.
const (
	minPassword = 12
	maxPassword = 256
	maxWord     = 100
)

func checkPerson(login, name, password string) error {
	if err := checkLogin(login); err != nil {
		return err
	}
	switch n := utf8.RuneCountInString(password); {
	case len(name) > maxWord:
		return invalid("name", "give up to %d bytes", maxWord)
	case n < minPassword || len(password) > maxPassword:
		return invalid("password", "give %d characters or more, up to %d bytes", minPassword, maxPassword)
	}
	return nil
}

func checkLogin(login string) error {
	if strings.TrimSpace(login) == "" || len(login) > maxWord || strings.ContainsFunc(login, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return invalid("login", "give up to %d characters without blanks", maxWord)
	}
	return nil
}

func actorOf(p *store.Person) *Actor {
	return &Actor{Person: p.ID, Login: p.Login, Name: p.Name, Role: Role(p.Role), scopes: may[Role(p.Role)]}
}

// SignIn gives the person of a login and a password. A wrong login takes as long as a wrong password.
func (i *Instance) SignIn(ctx context.Context, login, password string) (*Actor, error) {
	if len(password) > maxPassword {
		return nil, ErrSignIn
	}
	p, err := i.store.PersonOf(ctx, login)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return nil, err
	}
	hash := p.Password
	if hash == "" {
		hash = nobody()
	}
	if !samePassword(hash, password) || p.Password == "" || p.Disabled {
		return nil, ErrSignIn
	}
	return actorOf(&p), nil
}

// ActorOf gives a person who has signed in, as of now: a role taken away ends at once.
func (i *Instance) ActorOf(ctx context.Context, person string) (*Actor, error) {
	p, err := i.store.Person(ctx, person)
	if errors.Is(err, store.ErrNone) || err == nil && p.Disabled {
		return nil, ErrSignIn
	}
	return actorOf(&p), err
}

// ActorNamed gives the person of a login, for commands of whoever may write the data folder.
func (i *Instance) ActorNamed(ctx context.Context, login string) (*Actor, error) {
	p, err := i.store.PersonOf(ctx, login)
	if err == nil && p.Disabled {
		err = ErrUnknown
	}
	if err != nil {
		return nil, unknownIf(err)
	}
	return actorOf(&p), nil
}

// ActorOfToken gives the actor of a token: it may do what both the token and the person may.
func (i *Instance) ActorOfToken(ctx context.Context, key string) (*Actor, error) {
	t, err := i.store.TokenOf(ctx, key)
	if errors.Is(err, store.ErrNone) {
		return nil, ErrSignIn
	}
	if err != nil {
		return nil, err
	}
	a, err := i.ActorOf(ctx, t.Person)
	if err != nil {
		return nil, err
	}
	a.Token = t.ID
	a.scopes = slices.DeleteFunc(slices.Clone(a.scopes), func(s Scope) bool { return !slices.Contains(t.Scopes, string(s)) })
	return a, nil
}

// tokenMark begins every token, so that one that leaked is recognised.
const tokenMark = "lodestone_"

// maxTokenDays bounds the life of a token.
const maxTokenDays = 366

// NewToken makes a token for an actor. Its key is shown this once and kept nowhere.
func (i *Instance) NewToken(ctx context.Context, by *Actor, name string, scopes []Scope, days int) (report.Token, error) {
	if name == "" || len(name) > maxWord {
		return report.Token{}, invalid("name", "say what the token is for, in up to %d bytes", maxWord)
	}
	if days < 1 || days > maxTokenDays {
		return report.Token{}, invalid("days", "give 1 to %d", maxTokenDays)
	}
	t := store.Token{Person: by.Person, Name: name}
	for _, s := range scopes {
		if !by.May(s) {
			return report.Token{}, invalid("scopes", "%q is none of yours, which are %v", s, by.scopes)
		}
		t.Scopes = append(t.Scopes, string(s))
	}
	if len(t.Scopes) == 0 {
		return report.Token{}, invalid("scopes", "give some of %v", by.scopes)
	}
	key := tokenMark + rand.Text()
	err := i.store.Write(ctx, func(tx *store.Tx) error { return tx.PutToken(&t, key, tx.At.AddDate(0, 0, days)) })
	doc := tokenOf(&t)
	doc.Key = key
	return doc, err
}

func tokenOf(t *store.Token) report.Token {
	return report.Token{ID: t.ID, Name: t.Name, Scopes: t.Scopes, Expires: t.ExpiresAt, Since: t.RecordedAt, Ended: t.Ended}
}

// Tokens lists an actor's tokens, newest first.
func (i *Instance) Tokens(ctx context.Context, of *Actor) ([]report.Token, error) {
	all, err := i.store.Tokens(ctx, of.Person)
	list := make([]report.Token, len(all))
	for n := range all {
		list[n] = tokenOf(&all[n])
	}
	return list, err
}

// EndToken ends a token: one's own, or anybody's for whoever governs.
func (i *Instance) EndToken(ctx context.Context, by *Actor, id string) error {
	own, err := i.store.Tokens(ctx, by.Person)
	if err != nil {
		return err
	}
	if !by.May(Govern) && !slices.ContainsFunc(own, func(t store.Token) bool { return t.ID == id }) {
		return ErrUnknown
	}
	return unknownIf(i.store.Write(ctx, func(tx *store.Tx) error { return tx.EndToken(id, by.Person) }))
}

// ChangePerson gives a person another role, or shuts or opens the door. The last administrator cannot be taken away.
func (i *Instance) ChangePerson(ctx context.Context, by *Actor, id string, role Role, disabled bool) (report.Person, error) {
	if may[role] == nil {
		return report.Person{}, invalid("role", "%q is no role; it is one of %v", role, Roles())
	}
	p, err := i.store.Person(ctx, id)
	if err != nil {
		return report.Person{}, unknownIf(err)
	}
	err = i.store.Write(ctx, func(tx *store.Tx) error { // of two who take each other's role away at once, one is too late
		if role != Administrator || disabled {
			if last, err := isLastAdministrator(tx, &p); err != nil || last {
				return cmp.Or(err, invalid("role", "this is the last administrator; make another one first"))
			}
		}
		p.Role, p.Disabled, p.RecordedBy = string(role), disabled, by.Person
		return tx.PutPerson(&p)
	})
	return personOf(&p), err
}

func personOf(p *store.Person) report.Person {
	return report.Person{ID: p.ID, Login: p.Login, Name: p.Name, Role: p.Role, Scopes: words(may[Role(p.Role)]), Disabled: p.Disabled, Since: p.RecordedAt}
}

func words(scopes []Scope) []string {
	list := make([]string, len(scopes))
	for i, s := range scopes {
		list[i] = string(s)
	}
	return list
}

// People lists all persons by login.
func (i *Instance) People(ctx context.Context) ([]report.Person, error) {
	all, err := i.store.People(ctx)
	list := make([]report.Person, len(all))
	for n := range all {
		list[n] = personOf(&all[n])
	}
	return list, err
}

// Costs of a password: argon2id with 19 MiB, two passes, one lane, as OWASP's cheat sheet on password storage has it.
const (
	argonMemory = 19 * 1024
	argonPasses = 2
	argonLanes  = 1
	argonBytes  = 32
	saltBytes   = 16
)

func hashPassword(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	return passwordText(argonMemory, argonPasses, argonLanes, salt, argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, argonBytes))
}

func passwordText(memory, passes uint32, lanes uint8, salt, hash []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes, b64.EncodeToString(salt), b64.EncodeToString(hash))
}

// samePassword checks a password against its hash, at the cost that the hash names.
func samePassword(text, password string) bool {
	parts := strings.Split(text, "$")
	if len(parts) != 6 {
		return false
	}
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil || passes == 0 || lanes == 0 || memory > 1<<20 || passes > 100 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	hash, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(hash) != argonBytes {
		return false
	}
	return subtle.ConstantTimeCompare(hash, argon2.IDKey([]byte(password), salt, passes, memory, lanes, argonBytes)) == 1
}

// nobody is a hash that no password has, of the usual cost.
func nobody() string {
	return passwordText(argonMemory, argonPasses, argonLanes, make([]byte, saltBytes), make([]byte, argonBytes))
}
