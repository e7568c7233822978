// Package gate stands before pages and API: who comes in, by session or token, from which origin, how often, and with which headers all leave.
//
// Start with New and Handler. What a person may do is decided in app; the gate only finds out who it is.
package gate

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"lodestone/internal/app"
)

// Gate is the way in of one instance.
type Gate struct {
	instance  *app.Instance
	sessions  *scs.SessionManager
	origin    *http.CrossOriginProtection
	tries     *tries
	hashing   chan struct{} // passwords being checked: each takes memory
	proxied   bool          // a proxy stands before the server
	elsewhere *elsewhere    // nil: people sign in here only
	log       *slog.Logger
}

// Options say how a gate is set up.
type Options struct {
	Instance *app.Instance
	Secure   bool      // cookies only over TLS
	Provider *Provider // of sign-in; nil: there is none
	Proxied  bool      // a proxy stands before the server and says where requests come from
	Now      func() time.Time
	Log      *slog.Logger
}

// sessionHours is how long a session holds.
const sessionHours = 12

// hashingAtOnce bounds the memory that sign-ins take.
const hashingAtOnce = 4

// New makes a gate.
func New(o Options) *Gate {
	m := scs.New()
	m.Store = o.Instance.Sessions()
	m.HashTokenInStore = true
	m.Lifetime = sessionHours * time.Hour
	m.Cookie.Name, m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Secure = "lodestone", true, http.SameSiteLaxMode, o.Secure
	g := &Gate{instance: o.Instance, sessions: m, origin: http.NewCrossOriginProtection(), tries: newTries(o.Now), hashing: make(chan struct{}, hashingAtOnce), log: o.Log, proxied: o.Proxied}
	if o.Provider != nil {
		g.elsewhere = newElsewhere(*o.Provider)
	}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		g.log.ErrorContext(r.Context(), "session", "error", err)
		Problem(w, http.StatusInternalServerError, "The session could not be kept.")
	}
	g.origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Problem(w, http.StatusForbidden, "The request comes from another site.")
	}))
	return g
}

// personKey is where a session keeps the id of the person.
const personKey = "person"

type actorKey struct{}

// Actor is who asks; nil: nobody has signed in.
func Actor(ctx context.Context) *app.Actor {
	a, _ := ctx.Value(actorKey{}).(*app.Actor)
	return a
}

// Handler lets through what is open and whoever is known. Others are told so: programs by 401, people by the way to the sign-in page.
func (g *Gate) Handler(open func(*http.Request) bool, next http.Handler) http.Handler {
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := g.actor(r)
		switch {
		case err != nil && !errors.Is(err, app.ErrSignIn):
			g.log.ErrorContext(r.Context(), "who asks", "error", err)
			Problem(w, http.StatusInternalServerError, "Who asks could not be found out.")
			return
		case a == nil && !open(r):
			refuse(w, r)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, a)))
	})
	return headers(g.sessions.Cookie.Secure, g.behind(g.origin.Handler(g.sessions.LoadAndSave(known))))
}

// behind takes the address from the proxy that stands before the server: what it adds last is what it has seen itself. Otherwise all people would
// have one address, and whoever fails too often would shut out all.
func (g *Gate) behind(next http.Handler) http.Handler {
	if !g.proxied {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if ip := net.ParseIP(strings.TrimSpace(all[len(all)-1])); ip != nil {
			r.RemoteAddr = net.JoinHostPort(ip.String(), "0")
		}
		next.ServeHTTP(w, r)
	})
}

// refuse asks to sign in.
func refuse(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") || r.Method != http.MethodGet && r.Method != http.MethodHead || r.URL.Path == "/metrics" {
		w.Header().Set("WWW-Authenticate", `Bearer realm="lodestone"`)
		Problem(w, http.StatusUnauthorized, "Sign in, or send a token as Authorization: Bearer.")
		return
	}
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}

// Needs lets through who has a scope.
func Needs(scope app.Scope, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a := Actor(r.Context()); a == nil || !a.May(scope) {
			Problem(w, http.StatusForbidden, "This needs the scope "+string(scope)+".")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// actor finds out who asks: by token where one is sent, else by session. Neither: nil.
func (g *Gate) actor(r *http.Request) (*app.Actor, error) {
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return g.instance.ActorOfToken(r.Context(), strings.TrimSpace(key))
	}
	person := g.sessions.GetString(r.Context(), personKey)
	if person == "" {
		return nil, nil
	}
	return g.instance.ActorOf(r.Context(), person)
}

// ErrTooOften says that sign-in is shut for a while.
var ErrTooOften = errors.New("too many attempts; wait a quarter of an hour")

// SignIn begins a session for a login and a password, unless that login or that address has failed too often.
func (g *Gate) SignIn(ctx context.Context, address, login, password string) (*app.Actor, error) {
	who := []string{"login " + strings.ToLower(strings.TrimSpace(login)), "address " + host(address)}
	if !g.tries.allowed(who...) {
		return nil, ErrTooOften
	}
	g.hashing <- struct{}{}
	a, err := g.instance.SignIn(ctx, login, password)
	<-g.hashing
	if errors.Is(err, app.ErrSignIn) {
		g.tries.failed(who...)
	}
	if err != nil {
		return nil, err
	}
	return a, g.Begin(ctx, a)
}

// Failures counts the sign-ins that were refused since the start.
func (g *Gate) Failures() int64 { return g.tries.total.Load() }

// Begin begins a session for a person who has proved who it is.
func (g *Gate) Begin(ctx context.Context, a *app.Actor) error {
	if err := g.sessions.RenewToken(ctx); err != nil {
		return err
	}
	g.sessions.Put(ctx, personKey, a.Person)
	return nil
}

// SignOut ends the session.
func (g *Gate) SignOut(ctx context.Context) error { return g.sessions.Destroy(ctx) }

// host is an address without its port.
func host(address string) string {
	if h, _, err := net.SplitHostPort(address); err == nil {
		return h
	}
	return address
}

// headers sets what every answer carries.
func headers(secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// Problem answers with a problem document (RFC 9457).
func Problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": detail}) // a reader who is gone is no error
}
