package gate

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"lodestone/internal/app"
)

// Provider is a provider of sign-in by OpenID Connect.
type Provider struct {
	Issuer    string
	ClientID  string
	Secret    string              // empty: a public client
	Base      string              // address under which people reach this server
	RoleClaim string              // claim that grants a role: a text or a list of texts; empty: none does
	Roles     map[string]app.Role // by a value of the claim
}

const (
	awayPath = "/sign-in/provider"
	backPath = awayPath + "/back"
	// tripCookie holds what must be the same when somebody comes back. Whoever holds the browser may read it; another site cannot.
	tripCookie  = "lodestone_trip"
	tripMinutes = 10
	askWithin   = 10 * time.Second
	askAgainIn  = 5 * time.Second // a provider that does not answer
	mostSaid    = 1 << 20         // bytes of an answer of the provider
)

// trip is a sign-in under way.
type trip struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`      // of PKCE
	Key      string `json:"key,omitempty"` // of a one-time link; empty: none
}

// elsewhere signs people in by way of a provider. What the provider says of itself is asked for when it is first needed, and again where that failed:
// a server starts without it.
type elsewhere struct {
	Provider
	client *http.Client
	mu     sync.Mutex
	found  *oidc.Provider // nil: not asked yet, or in vain
	failed error          // of the last time
	again  time.Time      // when it is asked again
}

func newElsewhere(p Provider) *elsewhere {
	return &elsewhere{Provider: p, client: &http.Client{Timeout: askWithin, Transport: bounded{http.DefaultTransport}}}
}

// bounded reads answers up to a bound.
type bounded struct{ http.RoundTripper }

// RoundTrip asks.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, mostSaid), answer.Body}
	}
	return answer, err
}

func (e *elsewhere) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, e.client)
}

// provider asks what the provider says of itself.
func (e *elsewhere) provider() (*oidc.Provider, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.found != nil || time.Now().Before(e.again) {
		return e.found, e.failed
	}
	found, err := oidc.NewProvider(e.context(context.Background()), e.Issuer) // its keys are fetched later, past the request
	if err != nil {
		e.failed, e.again = fmt.Errorf("the provider of sign-in: %w", err), time.Now().Add(askAgainIn)
		return nil, e.failed
	}
	e.found, e.failed = found, nil
	return found, nil
}

func (e *elsewhere) config(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: e.ClientID, ClientSecret: e.Secret, Endpoint: p.Endpoint(), RedirectURL: e.Base + backPath, Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}
}

// Doors adds the way in by a provider, where there is one.
func (g *Gate) Doors(mux *http.ServeMux) {
	if g.elsewhere == nil {
		return
	}
	mux.HandleFunc("GET "+awayPath, g.away)
	mux.HandleFunc("GET "+backPath, g.back)
}

// Open says whether a path of the way in by a provider needs no sign-in.
func (g *Gate) Open(r *http.Request) bool {
	return g.elsewhere != nil && (r.URL.Path == awayPath || r.URL.Path == backPath)
}

// Elsewhere is where people may sign in with a provider; empty: there is none.
func (g *Gate) Elsewhere() string {
	if g.elsewhere == nil {
		return ""
	}
	return awayPath
}

// away sends somebody to the provider.
func (g *Gate) away(w http.ResponseWriter, r *http.Request) {
	p, err := g.elsewhere.provider()
	if err != nil {
		g.lost(w, r, err)
		return
	}
	t := trip{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Key: r.URL.Query().Get("key")}
	text, err := json.Marshal(t)
	if err != nil || len(text) > 1000 {
		g.lost(w, r, app.ErrLink)
		return
	}
	http.SetCookie(w, g.tripCookie(base64.RawURLEncoding.EncodeToString(text), tripMinutes*60))
	http.Redirect(w, r, g.elsewhere.config(p).AuthCodeURL(t.State, oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)), http.StatusSeeOther)
}

func (g *Gate) tripCookie(value string, seconds int) *http.Cookie {
	return &http.Cookie{Name: tripCookie, Value: value, Path: awayPath, MaxAge: seconds, HttpOnly: true, Secure: g.sessions.Cookie.Secure, SameSite: http.SameSiteLaxMode}
}

// back takes somebody in who comes from the provider.
func (g *Gate) back(w http.ResponseWriter, r *http.Request) {
	who := "address " + host(r.RemoteAddr)
	if !g.tries.allowed(who) {
		g.lost(w, r, ErrTooOften)
		return
	}
	t := tripOf(r)
	http.SetCookie(w, g.tripCookie("", -1)) // it serves once
	v, err := g.vouched(r, t)
	var a *app.Actor
	if err == nil {
		a, err = g.instance.SignInVouched(r.Context(), v, t.Key)
	}
	if err == nil {
		err = g.Begin(r.Context(), a)
	}
	if err != nil {
		g.tries.failed(who)
		g.lost(w, r, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// tripOf is the trip that a browser is on; without a state: none.
func tripOf(r *http.Request) (t trip) {
	c, err := r.Cookie(tripCookie)
	if err != nil {
		return t
	}
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(text, &t) != nil {
		return trip{}
	}
	return t
}

// refusal is why somebody who comes from the provider is not taken in; the sentence is for people.
type refusal string

func (e refusal) Error() string { return string(e) }

const (
	errOtherTrip = refusal("this sign-in was begun elsewhere or too long ago; begin again")
	errRefused   = refusal("the provider did not let you in")
	errProof     = refusal("what the provider says cannot be trusted; the log of the server says why")
)

// vouched is what the provider says of who comes back, once it is proved.
func (g *Gate) vouched(r *http.Request, t trip) (v app.Vouched, err error) {
	e, q := g.elsewhere, r.URL.Query()
	if t.State == "" || subtle.ConstantTimeCompare([]byte(t.State), []byte(q.Get("state"))) != 1 {
		return v, errOtherTrip
	}
	if q.Get("error") != "" {
		return v, errRefused
	}
	p, err := e.provider()
	if err != nil {
		return v, err
	}
	ctx := e.context(r.Context())
	token, err := e.config(p).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return v, errors.Join(errProof, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.Verifier(&oidc.Config{ClientID: e.ClientID}).Verify(ctx, raw)
	if err != nil {
		return v, errors.Join(errProof, err)
	}
	if t.Nonce == "" || subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(id.Nonce)) != 1 {
		return v, errors.Join(errProof, errors.New("the nonce is that of another sign-in"))
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return v, errors.Join(errProof, err)
	}
	return e.person(id, claims), nil
}

// person reads the claims about somebody.
func (e *elsewhere) person(id *oidc.IDToken, claims map[string]any) app.Vouched {
	text := func(names ...string) string {
		for _, name := range names {
			if s, ok := claims[name].(string); ok && s != "" {
				return s
			}
		}
		return ""
	}
	return app.Vouched{Issuer: id.Issuer, Subject: id.Subject, Login: text("preferred_username", "email"), Name: text("name"), Role: e.role(claims)}
}

// role is the one that may most of those that the claim grants; empty: none.
func (e *elsewhere) role(claims map[string]any) (granted app.Role) {
	var said []string
	switch c := claims[e.RoleClaim].(type) {
	case string:
		said = strings.Fields(c)
	case []any:
		for _, x := range c {
			if s, ok := x.(string); ok {
				said = append(said, s)
			}
		}
	}
	order := app.Roles()
	for _, s := range said {
		if r, ok := e.Roles[s]; ok && slices.Index(order, r) > slices.Index(order, granted) {
			granted = r
		}
	}
	return granted
}

// lost tells somebody that the way in by the provider failed.
func (g *Gate) lost(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusBadGateway, "the provider of sign-in does not answer as it should; the log of the server says how"
	var why refusal
	switch {
	case errors.Is(err, ErrTooOften):
		status, text = http.StatusTooManyRequests, err.Error()
	case errors.Is(err, app.ErrNoRole), errors.Is(err, app.ErrSignIn):
		status, text = http.StatusForbidden, err.Error()
	case errors.Is(err, app.ErrLink):
		status, text = http.StatusGone, err.Error()
	case errors.As(err, &why):
		status, text = http.StatusForbidden, string(why)
	}
	if status == http.StatusBadGateway || errors.Is(err, errProof) {
		g.log.WarnContext(r.Context(), "sign-in with the provider", "error", err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, text+".\n\n"+g.elsewhere.Base+"/sign-in") // a reader who is gone is no error
}
