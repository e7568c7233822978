package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
	nats "github.com/nats-io/nats-server/v2/server"

	"lodestone/internal/party"
)

// What is handed out to run the program with (units, image, compose file) calls commands with flags and variables that the program takes.
func TestDeployedCommandLines(t *testing.T) {
	lines := map[string][]string{} // command lines by where they stand
	for _, name := range globbed(t, "deploy/*.service", "cmd/release/*.service") {
		for key, line := range unitLines(t, name) {
			if key = strings.TrimSpace(key); !strings.HasPrefix(key, "Exec") {
				continue
			}
			words := strings.Fields(line)
			if words[0] != "/usr/local/bin/lodestone" {
				t.Errorf("%s: %s runs %s", name, key, words[0])
			}
			lines[name+" "+key] = words[1:]
		}
	}
	for _, name := range globbed(t, "cmd/release/Dockerfile") {
		entry, command := imageCommand(t, name)
		if strings.Join(entry, " ") != "/lodestone" {
			t.Errorf("%s begins with %q", name, entry)
		}
		lines[name] = command
	}
	for name, service := range composed(t, "deploy/compose.yaml") {
		if service.Image == "lodestone" {
			lines["deploy/compose.yaml "+name] = service.outside(append(service.Entrypoint[1:], service.Command...))
		}
	}
	if len(lines) < 7 {
		t.Errorf("only these were found: %v", lines)
	}
	for place, args := range lines {
		var c commands
		parser, err := kong.New(&c, kong.Name("lodestone"), kong.Vars{"threshold": fmt.Sprint(party.DefaultThreshold)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(args); err != nil {
			t.Errorf("%s: lodestone %s: %v", place, strings.Join(args, " "), err)
		}
	}
}

// variable is a variable that a file for running the program names.
var variable = regexp.MustCompile(`LODESTONE_[A-Z_]+`)

func TestDeployedVariables(t *testing.T) {
	var c commands
	parser, err := kong.New(&c, kong.Name("lodestone"), kong.Vars{"threshold": fmt.Sprint(party.DefaultThreshold)})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	err = kong.Visit(parser.Model.Node, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok {
			for _, env := range f.Envs {
				known[env] = true
			}
		}
		return next(nil)
	})
	if err != nil || !known["LODESTONE_DB"] {
		t.Fatal(known, err)
	}
	seen := 0
	for _, name := range globbed(t, "deploy/*.service", "deploy/*.yaml", "cmd/release/Dockerfile", "cmd/release/*.service") {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range variable.FindAllString(string(text), -1) {
			seen++
			if !known[v] {
				t.Errorf("%s names %s, which no flag reads", name, v)
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d variables were found", seen)
	}
}

// The services of the compose file call one another by names that there are, and keep their data in volumes that there are.
func TestComposeHangsTogether(t *testing.T) {
	services := composed(t, "deploy/compose.yaml")
	for name, s := range services {
		for _, other := range s.DependsOn {
			if _, ok := services[other]; !ok {
				t.Errorf("%s depends on %s, which is not there", name, other)
			}
		}
		for _, url := range s.Environment {
			for _, host := range regexp.MustCompile(`(?:nats://|@)([a-z0-9]+)`).FindAllStringSubmatch(url, -1) {
				if _, ok := services[host[1]]; !ok {
					t.Errorf("%s calls %s, which is not there", name, host[1])
				}
			}
		}
	}
	t.Setenv("NODE", "node1")
	o, err := nats.ProcessConfigFile("../../deploy/nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	if o.ServerName != "node1" || !o.JetStream || o.StoreDir != "/data" || o.Cluster.Name == "" || len(o.Routes) < 3 {
		t.Errorf("%s keeps its files in %q, in cluster %q with %d routes", o.ServerName, o.StoreDir, o.Cluster.Name, len(o.Routes))
	}
	for _, route := range o.Routes {
		if _, ok := services[route.Hostname()]; !ok {
			t.Errorf("nats.conf has a route to %s, which is not there", route)
		}
	}
}

// globbed are files of the repository.
func globbed(t *testing.T, patterns ...string) (names []string) {
	t.Helper()
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		for _, name := range found {
			names = append(names, filepath.ToSlash(strings.TrimPrefix(name, filepath.Join("..", "..")+string(filepath.Separator))))
		}
	}
	return names
}

// unitLines are the assignments of a unit, the last of each key.
func unitLines(t *testing.T, name string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			all[key] = value
		}
	}
	return all
}

// imageCommand is what an image runs, and with what unless something else is said.
func imageCommand(t *testing.T, name string) (entry, command []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		for word, to := range map[string]*[]string{"ENTRYPOINT ": &entry, "CMD ": &command} {
			if list, ok := strings.CutPrefix(line, word); ok {
				if err := json.Unmarshal([]byte(list), to); err != nil {
					t.Fatalf("%s: %s: %v", name, line, err)
				}
			}
		}
	}
	return entry, command
}

// composeService is what the tests look at of a service.
type composeService struct {
	Image       string            `yaml:"image"`
	Entrypoint  []string          `yaml:"entrypoint"`
	Command     []string          `yaml:"command"`
	Volumes     []string          `yaml:"volumes"`
	Environment map[string]string `yaml:"environment"`
	DependsOn   []string          `yaml:"depends_on"`
}

// outside turns the files of a command line that are mounted from beside the compose file into those.
func (s *composeService) outside(args []string) []string {
	for i, a := range args {
		for _, v := range s.Volumes {
			from, to, _ := strings.Cut(v, ":")
			if to, _, _ = strings.Cut(to, ":"); to == a && strings.HasPrefix(from, "./") {
				args[i] = filepath.Join("../../deploy", from)
			}
		}
	}
	return args
}

func composed(t *testing.T, name string) map[string]composeService {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Services map[string]composeService `yaml:"services"`
	}
	if err := yaml.Unmarshal(text, &doc); err != nil || len(doc.Services) == 0 {
		t.Fatalf("%s: %v", name, err)
	}
	return doc.Services
}
