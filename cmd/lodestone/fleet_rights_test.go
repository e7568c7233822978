//go:build system

package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A fleet over TLS whose users have the rights of deploy/ and no others does all it should. Who is at the wrong server, is not who he says, or lacks a right is
// refused at once, and told where and what to do.
func TestAFleetNeedsNoMoreThanItsRights(t *testing.T) {
	bin := postgresBin()
	if bin == "" {
		t.Skip("left out: the rights of a fleet, since this machine has no PostgreSQL")
	}
	g := newGuarded(t, bin)
	lines := filepath.Join(g.dir, "lines.csv")
	g.writeFile(lines, []byte("id,description,hs,from,destination\nP-1,sintered NdFeB magnet,8505111000,CN,US\nP-2,hex bolt M8x40,7318151090,CN,KR\n"))
	want, err := exec.Command(g.program, "screen", lines, "--on", "2026-03-01", "--output", "jsonl", "--quiet").Output()
	if err != nil {
		t.Fatal(err)
	}
	submit := []string{"submit", lines, "--on", "2026-03-01", "--output", "jsonl", "--quiet"}
	g.passes(g.owner(), g.broker("submitter"), submit...) // makes tables, stream and store
	g.grant()

	worker := g.start(g.user("worker"), g.broker("worker"), "work")
	submitted := g.passes(g.user("submitter"), g.broker("submitter"), append(submit, "--destination", "FR")...)
	var run struct {
		ID string `json:"run"`
	}
	if err := json.Unmarshal(submitted, &run); err != nil {
		t.Fatalf("%v\n%s", err, submitted)
	}
	for _, who := range []string{"submitter", "reader"} {
		if got := g.passes(g.user(who), g.broker("submitter"), "fetch", run.ID, "--quiet"); !bytes.Equal(got, want) {
			t.Errorf("%s fetches\n%s\nwant\n%s", who, got, want)
		}
	}
	g.passes(g.user("reader"), "", "status", run.ID)
	if err := worker.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := worker.Wait(); err != nil {
		t.Errorf("a worker that is told to stop: %v", err)
	}

	g.passes(g.user("submitter"), g.broker("submitter"), append(submit, "--destination", "IT")...) // so that there is something to begin
	for _, c := range []struct {
		what, db, nats string
		args           []string
		says           []string
	}{
		{"another authority signs the database", g.with(g.user("worker"), "sslrootcert", g.file("stranger.pem")), g.broker("worker"), []string{"work"}, []string{"sslrootcert=FILE", "unknown authority"}},
		{"a wrong password of the database", strings.Replace(g.user("worker"), ":secret@", ":guess@", 1), g.broker("worker"), []string{"work"}, []string{"look at user, password and sslmode in --db", "worker"}},
		{"a database without TLS", g.with(g.user("worker"), "sslmode", "disable"), g.broker("worker"), []string{"work"}, []string{"sslmode in --db", "no encryption"}},
		{"a worker submits", g.user("worker"), g.broker("submitter"), submit, []string{"--db lacks a right", "docs/scale.md"}},
		{"a reader works", g.user("reader"), g.broker("worker"), []string{"work"}, []string{"--db lacks a right", "fleet_shard"}},
		{"another authority signs the broker", g.user("worker"), g.certified(g.broker("worker"), "stranger.pem", "client"), []string{"work"}, []string{"--nats-ca", "unknown authority"}},
		{"no certificate is shown to the broker", g.user("worker"), g.certified(g.broker("worker"), "ca.pem", ""), []string{"work"}, []string{"--nats-cert"}},
		{"a wrong password of the broker", g.user("worker"), strings.Replace(g.broker("worker"), ":secret@", ":guess@", 1), []string{"work"}, []string{"user and password in the URL"}},
		{"a worker that may not store", g.user("worker"), g.broker("barred"), []string{"work"}, []string{"--nats lacks a right", "$O.lodestone-fleet.", "docs/scale.md"}},
		{"a user without rights submits", g.user("submitter"), g.broker("nobody"), submit, []string{"--nats lacks a right", "$JS.API.STREAM.INFO.LODESTONE_SHARDS"}},
	} {
		from := time.Now()
		said := g.fails(c.db, c.nats, c.args...)
		for _, part := range c.says {
			if !strings.Contains(said, part) {
				t.Errorf("%s: %s\nshould name %q", c.what, said, part)
			}
		}
		if strings.Contains(said, "secret") || strings.Contains(said, "guess") {
			t.Errorf("%s: the password is printed: %s", c.what, said)
		}
		took := time.Since(from)
		if took > 20*time.Second {
			t.Errorf("%s: it takes %s to say so", c.what, took)
		}
		t.Logf("%s (%.1f s): %s", c.what, took.Seconds(), said)
	}
}

// guarded is a broker and a database that want to know who comes.
type guarded struct {
	*testing.T
	dir, program string
	pg           *database
	nats         string
}

func newGuarded(t *testing.T, bin string) *guarded {
	g := &guarded{T: t, dir: scratch(t), program: build(t)}
	ca := g.authority("ca.pem")
	g.authority("stranger.pem")
	g.certificate(ca, "server")
	g.certificate(ca, "client")
	g.startDatabase(bin)
	g.startBroker()
	return g
}

func (g *guarded) file(name string) string { return filepath.Join(g.dir, name) }

func (g *guarded) writeFile(name string, text []byte) {
	g.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		g.Fatal(err)
	}
}

// signer is an authority with its key.
type signer struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

func (g *guarded) authority(name string) signer {
	return g.sign(name, "", nil, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
}

// certificate makes NAME.pem and NAME-key.pem.
func (g *guarded) certificate(ca signer, name string) {
	g.sign(name+".pem", name+"-key.pem", &ca, &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}})
}

func (g *guarded) sign(name, keyName string, by *signer, c *x509.Certificate) signer {
	g.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		g.Fatal(err)
	}
	c.SerialNumber, c.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: name}
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	if by == nil {
		by = &signer{c, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, by.Certificate, &key.PublicKey, by.key)
	if err != nil {
		g.Fatal(err)
	}
	g.writeFile(g.file(name), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	if keyName != "" {
		text, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			g.Fatal(err)
		}
		g.writeFile(g.file(keyName), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}))
	}
	return signer{c, key}
}

// startDatabase starts a server that takes users with a password, over TLS only. The owner alone needs none.
func (g *guarded) startDatabase(bin string) {
	g.pg = makeDatabase(g.T, bin, g.dir)
	data := filepath.Join(g.pg.dir, "data")
	for _, name := range []string{"server.pem", "server-key.pem"} {
		text, err := os.ReadFile(g.file(name))
		if err != nil {
			g.Fatal(err)
		}
		g.writeFile(filepath.Join(data, name), text)
	}
	g.writeFile(filepath.Join(data, "pg_hba.conf"), []byte("hostssl all lodestone 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n"))
	if os.Getuid() == 0 {
		if out, err := exec.Command("chown", "-R", "postgres", data).CombinedOutput(); err != nil {
			g.Fatalf("%v\n%s", err, out)
		}
	}
	g.pg.options = "-c ssl=on -c ssl_cert_file=server.pem -c ssl_key_file=server-key.pem"
	g.pg.begin()
}

func (g *guarded) owner() string {
	return fmt.Sprintf("postgres://lodestone@127.0.0.1:%d/postgres?sslmode=verify-full&sslrootcert=%s&connect_timeout=5", g.pg.port, url.QueryEscape(g.file("ca.pem")))
}

func (g *guarded) user(name string) string {
	return strings.Replace(g.owner(), "lodestone@", name+":secret@", 1)
}

func (g *guarded) with(address, parameter, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		g.Fatal(err)
	}
	q := u.Query()
	q.Set(parameter, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// grant gives the rights of deploy/rights.sql.
func (g *guarded) grant() {
	text, err := os.ReadFile("../../deploy/rights.sql")
	if err != nil {
		g.Fatal(err)
	}
	db, err := sql.Open("pgx", g.owner())
	if err != nil {
		g.Fatal(err)
	}
	defer db.Close()
	for _, name := range []string{"submitter", "worker", "reader"} {
		text = fmt.Appendf(text, "CREATE ROLE %s LOGIN PASSWORD 'secret' IN ROLE fleet_%[1]s;\n", name)
	}
	if _, err := db.Exec(string(text)); err != nil {
		g.Fatal(err)
	}
}

// startBroker starts a node with the users of deploy/rights.conf, and two that have fewer rights.
func (g *guarded) startBroker() {
	rights, err := os.ReadFile("../../deploy/rights.conf")
	if err != nil {
		g.Fatal(err)
	}
	const barred = `    { user: barred, password: secret, permissions: { publish: { allow: [">"], deny: ["$O.lodestone-fleet.>"] }, subscribe: ["_INBOX.>"] } }
    { user: nobody, password: secret, permissions: { publish: ["lodestone.shard.*"], subscribe: ["_INBOX.>"] } }
`
	at := bytes.LastIndex(rights, []byte("  ]"))
	rights = append(rights[:at:at], append([]byte(barred), rights[at:]...)...)
	port := freePort(g.T)
	g.nats = fmt.Sprintf("127.0.0.1:%d", port)
	g.writeFile(g.file("rights.conf"), rights)
	g.writeFile(g.file("nats.conf"), fmt.Appendf(nil, "server_name: guarded\nlisten: %s\njetstream { store_dir: %q }\ntls { cert_file: %q, key_file: %q, ca_file: %q, verify: true }\ninclude ./rights.conf\nlogfile: %q\n",
		g.nats, g.file("broker"), g.file("server.pem"), g.file("server-key.pem"), g.file("ca.pem"), g.file("nats.log")))
	c := exec.Command(g.program, "fleet", "broker", "--config", g.file("nats.conf"))
	c.Env = append(os.Environ(), "SUBMITTER_PASSWORD=secret", "WORKER_PASSWORD=secret")
	if err := c.Start(); err != nil {
		g.Fatal(err)
	}
	g.Cleanup(func() { end(c) })
	for range 100 {
		if conn, err := net.Dial("tcp", g.nats); err == nil {
			conn.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	g.Fatal("the broker does not start")
}

// broker is the URL of the broker for a user, with the flags that TLS needs behind it.
func (g *guarded) broker(user string) string {
	return g.certified(fmt.Sprintf("tls://%s:secret@%s", user, g.nats), "ca.pem", "client")
}

func (g *guarded) certified(address, ca, cert string) string {
	address, _, _ = strings.Cut(address, " ")
	address += " --nats-ca " + g.file(ca)
	if cert != "" {
		address += " --nats-cert " + g.file(cert+".pem") + " --nats-key " + g.file(cert+"-key.pem")
	}
	return address
}

// command is one of the fleet, with its database and, where one is named, its broker.
func (g *guarded) command(db, nats string, args ...string) *exec.Cmd {
	args = append([]string{"fleet"}, append(args, "--db", db)...)
	if nats != "" {
		args = append(args, "--nats")
		args = append(args, strings.Fields(nats)...)
	}
	return exec.Command(g.program, args...)
}

func (g *guarded) start(db, nats string, args ...string) *exec.Cmd {
	c := g.command(db, nats, args...)
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Start(); err != nil {
		g.Fatal(err)
	}
	g.Cleanup(func() {
		end(c)
		if g.Failed() {
			g.Logf("%s: %s", args[0], said.String())
		}
	})
	return c
}

func (g *guarded) passes(db, nats string, args ...string) []byte {
	g.Helper()
	c := g.command(db, nats, args...)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		g.Fatalf("%s: %v\n%s", args[0], err, said.String())
	}
	return out
}

// fails is what a command says that is refused.
func (g *guarded) fails(db, nats string, args ...string) string {
	g.Helper()
	c := g.command(db, nats, args...)
	timer := time.AfterFunc(time.Minute, func() { c.Process.Kill() })
	defer timer.Stop()
	out, err := c.CombinedOutput()
	if err == nil || c.ProcessState.ExitCode() < 1 {
		g.Errorf("%s goes on, or does not end: %v\n%s", args[0], err, out)
	}
	return string(out)
}
